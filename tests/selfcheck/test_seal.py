"""A sealed text opens with its own salt and label, and shows nothing before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck import seal

words = st.text(max_size=200)


@given(words, words, words)
def test_a_sealed_text_opens_to_itself(text, salt, label):
    assert seal.unseal(seal.seal(text, salt, label), salt, label) == text


@given(st.text(min_size=12, max_size=80), st.text(max_size=8))
def test_a_blob_holds_neither_text_nor_the_same_bytes_under_another_label(text, salt):
    blob = seal.seal(text, salt, seal.label("item", 0, "key"))
    assert text not in blob
    assert blob != seal.seal(text, salt, seal.label("item", 1, "key"))
    assert blob != seal.seal(text, salt + "x", seal.label("item", 0, "key"))


def test_a_blob_that_is_no_base64_is_refused():
    with pytest.raises(ValueError):
        seal.unseal("*?*", "salt", "label")
