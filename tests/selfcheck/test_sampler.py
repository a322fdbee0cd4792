"""Properties of the sampler, over pools of every shape."""

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from selfcheck import sampler
from selfcheck.golden import toy_quiz

FAMILIES = 6


@st.composite
def pools(draw):
    """A pool in which every stratum has more families of its own than are drawn."""
    items = []
    for stratum in sampler.STRATA:
        for family in range(draw(st.integers(3, FAMILIES))):
            for sibling in range(draw(st.integers(1, 3))):
                items.append(
                    {
                        "id": f"{stratum}-{family}-{sibling}",
                        "stratum": stratum,
                        "family": f"{stratum}-{family}",
                    }
                )
    return draw(st.permutations(items))


draws = st.dictionaries(st.sampled_from(sampler.STRATA), st.integers(0, 3), min_size=1)
seeds = st.text(max_size=12)


def seen_in(items):
    return st.dictionaries(
        st.sampled_from([item["id"] for item in items]), st.integers(0, 4)
    )


@given(pools(), draws, seeds, st.data())
def test_a_sample_has_the_asked_number_of_each_stratum_and_no_kin(
    items, draw, seed, data
):
    seen = data.draw(seen_in(items))
    drawn = sampler.sample(items, draw, seed, seen)
    by_id = {item["id"]: item for item in items}
    assert len(set(drawn)) == len(drawn)
    assert Counter(by_id[i]["stratum"] for i in drawn) == Counter(
        {stratum: n for stratum, n in draw.items() if n}
    )
    assert max(Counter(by_id[i]["family"] for i in drawn).values(), default=1) == 1


@given(pools(), draws, seeds, st.data())
def test_the_order_of_the_pool_file_changes_nothing(items, draw, seed, data):
    seen = data.draw(seen_in(items))
    mixed = data.draw(st.permutations(items))
    again = dict(data.draw(st.permutations(list(draw.items()))))
    first = sampler.sample(items, draw, seed, seen)
    assert sampler.sample(mixed, again, seed, seen) == first


@given(pools(), draws, seeds, st.data())
def test_a_new_item_changes_a_sample_by_itself_at_most(items, draw, seed, data):
    stratum = data.draw(st.sampled_from(sampler.STRATA))
    new = {"id": "new", "stratum": stratum, "family": "new"}
    before = sampler.sample(items, draw, seed, {})
    after = sampler.sample([*items, new], draw, seed, {})
    if "new" in after:
        assert len(set(before) - set(after)) == 1
        kept = [i for i in before if i in after]
        assert [i for i in after if i != "new"] == kept
    else:
        assert after == before


@given(pools(), draws, st.lists(seeds, min_size=2, max_size=6))
def test_nothing_is_drawn_again_while_a_family_was_never_seen(items, draw, run):
    seen: Counter = Counter()
    by_id = {item["id"]: item for item in items}
    for seed in run:
        for name in sampler.sample(items, draw, seed, seen):
            stratum = by_id[name]["stratum"]
            unseen = {
                item["family"]
                for item in items
                if item["stratum"] == stratum and not seen[item["id"]]
            }
            if seen[name]:
                assert len(unseen) < draw[stratum]
        seen.update(sampler.sample(items, draw, seed, dict(seen)))


@given(pools(), draws, seeds, st.data())
def test_retired_items_come_only_when_there_is_nothing_else(items, draw, seed, data):
    names = [item["id"] for item in items]
    retired = set(data.draw(st.lists(st.sampled_from(names))))
    drawn = sampler.sample(items, draw, seed, {}, retired)
    by_id = {item["id"]: item for item in items}
    for name in set(drawn) & retired:
        stratum = by_id[name]["stratum"]
        fresh = {
            item["family"]
            for item in items
            if item["stratum"] == stratum and item["id"] not in retired
        }
        assert len(fresh) < draw[stratum]


@given(pools(), draws, seeds)
def test_a_stratum_without_enough_families_is_refused(items, draw, seed):
    assume(any(draw.values()))
    stratum = next(name for name, n in draw.items() if n)
    with pytest.raises(sampler.PoolTooSmallError, match=f"'{stratum}', found"):
        sampler.sample(items, draw | {stratum: FAMILIES + 1}, seed, {})


def chi_square(counts: list[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((n - mean) ** 2 for n in counts) / mean


def test_every_item_is_drawn_equally_often_at_every_place():
    quiz = toy_quiz("fair", per_slot=3)
    single = [i | {"family": i["id"]} for i in quiz["items"]]
    inclusion: Counter = Counter()
    first: Counter = Counter()
    for n in range(3000):
        drawn = sampler.sample(single, quiz["draw"], f"seed-{n}", {})
        inclusion.update(drawn)
        first[drawn[0]] += 1
    choice = [inclusion[i["id"]] for i in single if i["stratum"] == "choice"]
    assert sum(choice) == 9000
    # 8 degrees of freedom: a fair sampler stays below 26.1 in 999 cases of 1000
    # (and counts without replacement vary less than chi-square assumes).
    assert chi_square(choice) < 26.1
    # 23 degrees of freedom: below 49.7.
    assert chi_square([first[i["id"]] for i in single]) < 49.7


def test_options_are_shown_in_every_order_equally_often():
    orders = Counter(
        tuple(sampler.option_order("item", 3, f"seed-{n}")) for n in range(3000)
    )
    assert len(orders) == 6
    assert chi_square(list(orders.values())) < 20.5  # 5 degrees of freedom


def test_every_variant_is_chosen_equally_often():
    chosen = Counter(sampler.variant("item", 4, f"seed-{n}") for n in range(2000))
    assert len(chosen) == 4
    assert chi_square(list(chosen.values())) < 16.3  # 3 degrees of freedom


@given(st.text(), st.integers(1, 50), seeds)
def test_a_variant_is_one_of_those_that_exist(name, count, seed):
    assert 0 <= sampler.variant(name, count, seed) < count


@given(st.text(), st.integers(0, 8), seeds)
def test_an_option_order_is_a_permutation_that_stays(name, n, seed):
    order = sampler.option_order(name, n, seed)
    assert sorted(order) == list(range(n))
    assert order == sampler.option_order(name, n, seed)


@given(st.text(), st.integers(0, 2**53))
def test_a_hash_has_53_bits_and_uses_32_of_its_seed(text, seed):
    value = sampler.h53(text, seed)
    assert 0 <= value < 2**53
    assert value == sampler.h53(text, seed % 2**32)


@settings(max_examples=20)
@given(st.integers(0, 100))
def test_seeds_that_differ_by_one_character_give_other_samples(n):
    quiz = toy_quiz("wide", per_slot=6)
    drawn = {
        tuple(sampler.sample(quiz["items"], quiz["draw"], f"{n}-{k}", {}))
        for k in range(10)
    }
    assert len(drawn) == 10
