"""What importing selfcheck costs, and what it offers."""

import subprocess
import sys


def run(source: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_importing_selfcheck_loads_no_library():
    heavy = "tensorflow keras numpy pydantic ruamel sphinx jupyter_server IPython"
    source = (
        "import sys; before = set(sys.modules); import selfcheck; "
        f"print([m for m in {heavy.split()!r} if m in sys.modules], "
        "[m for m in set(sys.modules) - before if m.startswith('selfcheck.')])"
    )
    assert run(source) == "[] []"


def test_no_module_of_the_engine_imports_tensorflow_or_the_book():
    source = (
        "import sys, selfcheck.cli, selfcheck.notebook, selfcheck.sphinx_ext\n"
        "import selfcheck.grade\n"
        "print([m for m in ('tensorflow', 'keras', 'microtf', 'insidetf') "
        "if m in sys.modules])"
    )
    assert run(source) == "[]"


def test_the_public_grade_is_the_function_even_after_its_module_was_imported():
    source = (
        "import selfcheck.grade, selfcheck; from selfcheck import grade, run_example; "
        "print(callable(grade), grade is selfcheck.grade, callable(run_example))"
    )
    assert run(source) == "True True True"


def test_an_unknown_public_name_is_an_attribute_error():
    source = (
        "import selfcheck\n"
        "try:\n    selfcheck.quizz\nexcept AttributeError as e:\n    print(e)"
    )
    assert "no attribute 'quizz'" in run(source)


def test_progress_and_review_are_modules_that_a_notebook_can_call():
    source = (
        "from selfcheck import progress, review, notebook\n"
        "import selfcheck.progress as module\n"
        "notebook.progress, notebook.review = lambda: 'p', lambda pool: 'r' + pool\n"
        "print(module is progress, progress.Store.__name__, progress(), review('x'))"
    )
    assert run(source) == "True Store p rx"
