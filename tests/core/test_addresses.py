"""The address policy and the client of webhooks, on the URLs that people use to get around one: not one connection."""

import asyncio
import ipaddress
import itertools

import aiohttp
import pytest

from integrations.webhooks.outcomes import Answer
from integrations.webhooks.transport import post
from prsystem.core.outgoing.addresses import AddressPolicy, AddressRefused, Allowance, Target
from prsystem.core.outgoing.http import public_session

HOSTS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0"),
    *("0.0.0.0", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "169.254.0.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "100.100.100.200"),
    *("168.63.129.16", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2002:a00:1::1]", "[2001:0:1::1]"),
    *("[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]"),
    *(
        "user@127.0.0.1",
        "example.com@127.0.0.1",
        "127.0.0.1@example.com",
        "a:b@example.com",
        "127.0.0.1%00.example.com",
    ),
    *("1.2.3", "1.2.3.4.5", "256.1.1.1", "0x7f.1", "example.0x7f", "127。0。0。1", "①②⑦.0.0.1", "", "."),
]
URLS = [
    *(f"{scheme}://{host}/" for scheme, host in itertools.product(("http",), HOSTS)),
    *(f"https://{host}/x" for host in HOSTS[:25]),
    *("ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/", "http:example.com"),
    *(
        "http://8.8.8.8:22/",
        "http://8.8.8.8:6379/",
        "http://8.8.8.8:0/",
        "http://8.8.8.8:99999/",
        "http://exa mple.com/",
    ),
    *("http://example.com\\@127.0.0.1/", "http://example.com\r\nHost: x/", "http://[::1/", "http://example.com:x/"),
]


def test_there_are_enough_of_them() -> None:
    assert len(set(URLS)) >= 100


@pytest.mark.parametrize("url", URLS)
def test_a_forbidden_url_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        AddressPolicy().check_url(url)


@pytest.mark.parametrize("url", ["https://8.8.8.8/", "http://example.com/hook", "https://[2606:4700::1111]/"])
def test_a_public_url_passes(url: str) -> None:
    assert AddressPolicy().check_url(url).port in (80, 443)


def allowing(host: str, networks: str, *ports: int) -> AddressPolicy:
    return AddressPolicy((Allowance(host, (ipaddress.ip_network(networks),), frozenset(ports)),))


def test_an_allowance_opens_one_host_in_one_network_on_its_ports() -> None:
    policy, target = allowing("erp.planta", "10.1.0.0/16", 9000), Target("http", "erp.planta", 9000)
    assert policy.check_all(target, ["10.1.2.3"]) == ["10.1.2.3"]
    for other, address in (
        (target, "10.2.0.1"),
        (Target("http", "mes.planta", 9000), "10.1.2.3"),
        (Target("http", "erp.planta", 9001), "10.1.2.3"),
    ):
        with pytest.raises(AddressRefused):
            policy.check_address(other, address)


def test_one_bad_address_refuses_the_name_and_metadata_is_never_allowed() -> None:
    with pytest.raises(AddressRefused):
        AddressPolicy().check_all(Target("http", "example.com", 80), ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        allowing("meta", "169.254.0.0/16").check_address(Target("http", "meta", 80), "169.254.169.254")


def test_a_name_that_turns_inward_when_it_is_connected_to_gets_no_packet() -> None:
    async def main() -> tuple[int, int]:
        packets = 0

        async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal packets
            packets += 1
            writer.close()

        server = await asyncio.start_server(note, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])
        asked = 0

        async def flipping(host: str, port: int) -> list[str]:
            nonlocal asked
            asked += 1
            return next(answers)

        policy = allowing("erp.planta", "192.0.2.0/24", port)
        assert await flipping("erp.planta", port) == ["8.8.8.8"]  # what a check beforehand would have seen
        async with public_session(policy, resolver=flipping) as session:
            with pytest.raises(aiohttp.ClientError):
                await session.post(f"http://erp.planta:{port}/", data=b"x", allow_redirects=False)
        server.close()
        return packets, asked

    assert asyncio.run(main()) == (0, 2)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address that an event loop is asked to connect to; it refuses them all."""
    asked: list[object] = []

    async def sock_connect(loop: object, sock: object, address: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", sock_connect)
    return asked


INWARD = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe"]


def sent(urls: list[str], resolved: list[str]) -> list[Answer]:
    """What became of a webhook to each URL, where every name has these addresses."""

    async def resolver(host: str, port: int) -> list[str]:
        return resolved

    async def main() -> list[Answer]:
        policy = AddressPolicy()
        async with public_session(policy, resolver=resolver) as session:
            return [await post(session, policy, url, b"{}", {}) for url in urls]

    return asyncio.run(main())


def test_a_webhook_to_any_of_them_connects_to_nothing(connections: list[object]) -> None:
    answers = sent(URLS, ["8.8.8.8"])
    assert {answer.is_blocked for answer in answers} == {True}
    assert connections == []


@pytest.mark.parametrize("address", INWARD)
def test_a_name_that_leads_inward_connects_to_nothing(address: str, connections: list[object]) -> None:
    for resolved in ([address], ["8.8.8.8", address]):
        (answer,) = sent(["https://example.com/hook"], resolved)
        assert (answer.is_blocked, connections) == (True, [])


def test_the_same_webhook_outward_would_have_connected(connections: list[object]) -> None:
    """Or the two above would prove nothing."""
    sent(["https://example.com/hook", "http://8.8.4.4/"], ["8.8.8.8"])
    assert [address[0] for address in connections] == ["8.8.8.8", "8.8.4.4"]
