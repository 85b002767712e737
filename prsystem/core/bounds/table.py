"""Every bound of what the product computes over people's text and files, and over other systems' answers.

The values stand where they are used; here is what each of them keeps small, and what lies beyond. `docs/limites.md`
shows them in Spanish; a test compares it with this list, and another feeds each its worst case.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Bound:
    """`at` is `module:CONSTANT`. `test` is where its worst case is: a file of the tests and a function in it."""

    at: str
    beyond: str
    test: str

    @property
    def value(self) -> Any:
        module, _colon, name = self.at.partition(":")
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return found


_TABLES = "tests/core/test_tables.py"
_FILES = "tests/incidents/moves/test_hostile_files.py::test_a_hostile_file_is_refused_or_inert"
_MAILS = "tests/integrations/mail/test_mail_bounds.py"
_WORST = "tests/core/bounds/test_worst_cases.py"
_ENDS = "tests/core/bounds/test_clients_end.py"
_DEEP = "tests/core/text/test_text.py::test_no_word_of_deep_markdown_is_lost"
_CHROMA = "tests/integrations/test_chroma_nonsense.py"
_HTTP = f"{_ENDS}::test_a_server_of_http_that_never_ends_is_left"
_LINES = f"{_ENDS}::test_a_server_of_lines_that_never_ends_is_left"

PEOPLE = (
    Bound(
        "prsystem.core.bounds.differences:MOST_STEPS",
        "both texts whole, and said so",
        f"{_WORST}::test_texts_that_use_the_steps_up_follow_each_other_whole",
    ),
    Bound(
        "prsystem.core.text.markdown:MOST_CHARACTERS",
        "as it was typed",
        f"{_WORST}::test_markdown_of_any_length_is_shown_as_it_was_typed",
    ),
    Bound("prsystem.core.text.markdown:MOST_LEVELS", "as it was typed", _DEEP),
    Bound("prsystem.core.text.markdown:MOST_CELLS", "without tables", f"{_WORST}::test_markdown"),
    Bound(
        "prsystem.core.text.markup:MAX_DEPTH",
        "words without markup; a manual is too heavy",
        f"{_WORST}::test_html_nested_without_end",
    ),
    Bound(
        "incidents.emergencies.signs:READ_CHARACTERS",
        "only the beginning counts",
        "tests/incidents/emergencies/test_signs.py::test_a_text_without_end_is_read_up_to_its_bound",
    ),
    Bound(
        "incidents.emergencies.meaning:MOST_WINDOWS",
        "only the first sentences count",
        "tests/incidents/emergencies/test_meaning.py::test_a_danger_said_in_passing_is_judged_with_its_neighbour",
    ),
    Bound(
        "knowledge.retrieval.ruled_out:READ_CHARACTERS",
        "only the beginning counts",
        "tests/knowledge/retrieval/test_ruled_out.py::test_a_report_of_denials_alone_is_read_in_few_steps",
    ),
    Bound("knowledge.manuals.process:MEMORY_BYTES", "too heavy", f"{_WORST}::test_a_manual_that_swells_is_too_heavy"),
    Bound("knowledge.manuals.process:CPU_SECONDS", "too heavy", f"{_WORST}::test_work_without_an_end_is_ended"),
    Bound("knowledge.manuals.process:WALL_SECONDS", "too heavy", f"{_WORST}::test_waiting_without_an_end_is_ended"),
    Bound("prsystem.runtime.config.sheets:MOST_BYTES", "refused", f"{_WORST}::test_a_sheet_of_too_many_bytes"),
    Bound("prsystem.runtime.config.sheets:MOST_ROWS", "refused", f"{_WORST}::test_sheets"),
    Bound("prsystem.runtime.config.sheets:MOST_COLUMNS", "refused", f"{_WORST}::test_sheets"),
    Bound(
        "prsystem.runtime.config.sheets:MOST_ERRORS",
        "the first are told",
        f"{_WORST}::test_errors_of_a_sheet_are_told_up_to_a_hundred",
    ),
    Bound("prsystem.runtime.config.sheets:XLSX_LIMITS", "refused", f"{_WORST}::test_sheets"),
    Bound("prsystem.runtime.config.files:MOST_CHARACTERS", "refused", f"{_WORST}::test_yaml"),
    Bound(
        "prsystem.core.files.checks:MAX_DIRECTORY_BYTES",
        "refused",
        f"{_WORST}::test_an_archive_of_names_is_refused_before_they_are_read",
    ),
    Bound("prsystem.core.files.checks:MAX_MEMBERS", "refused", _FILES),
    Bound("prsystem.core.files.checks:MAX_UNPACKED_BYTES", "refused", _FILES),
    Bound("prsystem.core.files.checks:MAX_PIXELS", "refused", _FILES),
    Bound(
        "prsystem.core.imports.tables:MAX_CHARACTERS",
        "the line is named as too long",
        f"{_TABLES}::test_a_line_that_is_too_long_is_told",
    ),
    Bound(
        "prsystem.core.imports.tables:MAX_LIST_CHARACTERS",
        "refused",
        f"{_TABLES}::test_a_json_list_that_is_too_long_is_told",
    ),
    Bound(
        "prsystem.core.api.parsers:MAX_DEPTH",
        "400",
        "tests/core/web/test_request_bodies.py::test_what_is_no_json_object_is_refused",
    ),
    Bound(
        "knowledge.services.search:QUERY_LENGTH",
        "400; the beginning of a report",
        f"{_WORST}::test_a_long_question_becomes_a_short_query",
    ),
    Bound(
        "knowledge.retrieval.lexical:QUERY_CHARACTERS",
        "the beginning, and all codes",
        f"{_WORST}::test_a_long_question_becomes_a_short_query",
    ),
    Bound("incidents.gaps.services:MAX_CASES", "the newest", f"{_WORST}::test_groups_of_cases_all_alike_and_all_other"),
    Bound("integrations.mail.parsing:HEAD_BYTES", "refused, with a row", f"{_WORST}::test_heads_of_mails"),
    Bound(
        "integrations.mail.parsing:VALUE",
        "its beginning; a part's: refused, with a row",
        f"{_WORST}::test_bodies_of_mails",
    ),
    Bound("integrations.mail.parsing:LONG_VALUE", "its beginning", f"{_WORST}::test_heads_of_mails"),
    Bound("integrations.mail.parsing:LIMITS", "refused, with a row", f"{_WORST}::test_bodies_of_mails"),
    Bound(
        "integrations.mail.services:MOST_BYTES",
        "left in the mailbox, with a row",
        f"{_MAILS}::test_a_mail_that_is_too_large_stays_in_the_mailbox_and_leaves_a_row",
    ),
)
SYSTEMS = (
    Bound(
        "prsystem.core.outgoing.http:MAX_BYTES", "an error", f"{_ENDS}::test_an_endless_fast_answer_is_cut_at_its_cap"
    ),
    Bound("integrations.chroma:READ_SECONDS", "text search", _HTTP),
    Bound("integrations.chroma:WRITE_SECONDS", "later", _HTTP),
    Bound("integrations.chroma:MOST_PAGES", "later", f"{_CHROMA}::test_a_list_of_ids_that_never_ends_is_left"),
    Bound("integrations.ollama.client:PROBE_SECONDS", "another node", _HTTP),
    Bound("integrations.ollama.client:IDLE_SECONDS", "another node, or a lower rung", _HTTP),
    Bound("integrations.ollama.client:MOST_MODELS", "another node", f"{_WORST}::test_a_node_of_too_many_models"),
    Bound(
        "integrations.ollama.wire:MAX_STREAM_BYTES",
        "a lower rung",
        "tests/integrations/test_ollama_client.py::test_an_answer_above_the_cap_is_refused",
    ),
    Bound("knowledge.services.assisting:FIRST_TOKEN_SECONDS", "another node, or a lower rung", _HTTP),
    Bound("knowledge.services.assisting:ANSWER_SECONDS", "a lower rung", _HTTP),
    Bound("integrations.embedder.client:PROBE_SECONDS", "text search", _HTTP),
    Bound("integrations.webhooks.transport:DEADLINE_SECONDS", "tried again later", _HTTP),
    Bound(
        "integrations.webhooks.transport:BODY_CAP",
        "the status alone counts",
        f"{_ENDS}::test_what_a_receiver_of_webhooks_says_is_read_to_its_cap",
    ),
    Bound("integrations.preflight.watching:SECONDS", "said so", _HTTP),
    Bound("prsystem.core.bounds.exporting:ANSWER_BYTES", "dropped", _HTTP),
    Bound(
        "prsystem.core.bounds.stores:NAME_TRIES",
        "503",
        f"{_ENDS}::test_a_store_that_says_yes_to_everything_is_asked_a_few_times",
    ),
    Bound("prsystem.core.bounds.stores:MOST_REDIRECTS", "503", f"{_ENDS}::test_a_redirect_is_never_followed"),
    Bound(
        "prsystem.core.bounds.stores:MOST_REQUESTS",
        "503",
        f"{_ENDS}::test_a_store_that_fails_for_ever_is_tried_a_few_times",
    ),
    Bound("prsystem.core.bounds.stores:EXCHANGE_SECONDS", "503", _HTTP),
    Bound("prsystem.core.bounds.stores:OPERATION_SECONDS", "503", _HTTP),
    Bound("prsystem.core.bounds.stores:MOST_BYTES", "503", f"{_WORST}::test_a_file_of_a_store_that_is_too_large"),
    Bound(
        "integrations.backups.stores:BackupStorage.most_requests",
        "the copy isn't pushed, and said so",
        f"{_ENDS}::test_a_listing_that_never_ends_is_left",
    ),
    Bound("integrations.backups.stores:BackupStorage.exchange_seconds", "the copy isn't pushed, and said so", _HTTP),
    Bound("integrations.mail.smtp:DEADLINE_SECONDS", "tried again later", _LINES),
    Bound("integrations.mail.smtp:ANSWER_BYTES", "tried again later", _LINES),
    Bound("integrations.mail.imap:COMMAND_SECONDS", "tried again later", _LINES),
    Bound("integrations.mail.imap:ANSWER_BYTES", "tried again later", _LINES),
    Bound(
        "integrations.mail.imap:MAIL_BYTES", "tried again later", f"{_MAILS}::test_a_mailbox_that_says_too_much_is_left"
    ),
    Bound("integrations.antivirus:DEADLINE_SECONDS", "held, asked again later", _LINES),
    Bound("prsystem.accounts.directory.client:DEADLINE_SECONDS", "503", _LINES),
)
BOUNDS = (*PEOPLE, *SYSTEMS)
