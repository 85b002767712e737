"""What a report must reach to be offered as the same: the floor moves with the pool both ways, and a machine counts.

In ten open reports what tells the same stands three deviations out, as far as what doesn't in a hundred."""

from incidents.similar.alike import FLOOR, LEAST_POOL, MEASURED, combined, floor_of, standing


def test_in_a_small_pool_less_is_noise_and_in_a_large_one_more() -> None:
    floors = [floor_of(count) for count in (LEAST_POOL, 15, 30, MEASURED, 180, 1000)]
    assert floors == sorted(floors)
    assert len(set(floors)) == len(floors)
    assert floor_of(MEASURED) == FLOOR
    assert floor_of(1) == floor_of(LEAST_POOL)


def test_what_stands_out_of_ten_is_offered_and_not_out_of_a_hundred() -> None:
    for count, offered in ((10, [0]), (100, [])):
        scores = {pk: 3.2 if pk == 0 else 0.0 for pk in range(count)}
        assert [pk for pk, _score in standing(scores, 3)] == offered


def test_the_same_machine_counts_however_its_number_is_written() -> None:
    pool = {1: "INY-07 no llena la pieza\nSale corta.", 2: "INY-09 no llena la pieza\nSale corta."}
    scores = combined("La inyectora iny 7 se queda a medias\nNo termina el disparo.", pool, {})
    assert scores[1] - scores[2] > 1.5
