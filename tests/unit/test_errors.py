"""The tree of errors, and what each error tells."""

from __future__ import annotations

import inspect
import re

from support.laws import for_every

from devin_tools import errors
from devin_tools.errors import ApiError, DevinToolsError, Hint, api_error_for, error_kinds


def classes() -> list[type[DevinToolsError]]:
    return sorted(error_kinds().values(), key=lambda cls: cls.__name__)


every_class = for_every("cls", classes)


def make(cls: type[DevinToolsError], **more: object) -> DevinToolsError:
    status = {"status": 418} if issubclass(cls, ApiError) else {}
    return cls("It went wrong.", **status, **more)  # type: ignore[arg-type]


def depth_of(cls: type[DevinToolsError]) -> int:
    return cls.__mro__.index(DevinToolsError)


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn = re.findall(r"^    ([│├└─ ]*)(\w+)", inspect.getdoc(errors) or "", re.M)
    branches = {name: len(indent) // 4 for indent, name in drawn}
    assert branches == {cls.__name__: depth_of(cls) for cls in classes()}


def test_every_kind_is_one_word_for_one_class() -> None:
    in_module = {cls for cls in vars(errors).values() if inspect.isclass(cls) and issubclass(cls, Exception)}
    assert set(error_kinds().values()) == in_module
    assert all(kind == cls.kind and re.fullmatch(r"[a-z_]+", kind) for kind, cls in error_kinds().items())


@every_class
def test_every_error_is_plain_data_of_one_shape(cls: type[DevinToolsError]) -> None:
    details = [{"path": "prompt", "reason": "is missing"}]
    shown = make(cls, details=details, hint="Do this.").as_dict()
    assert shown == {
        "kind": cls.kind,
        "message": "It went wrong.",
        "retryable": cls.retryable,
        "retry_after": None,
        "tries": 1,
        "hint": "Do this.",
        "details": details,
    }


@every_class
def test_every_error_says_what_went_wrong_and_what_to_do(cls: type[DevinToolsError]) -> None:
    assert str(make(cls, hint="Do this.")) == "It went wrong. Do this."
    default = cls.default_hint.read_by("python") if isinstance(cls.default_hint, Hint) else cls.default_hint
    assert str(make(cls)) == f"It went wrong. {default}".strip()


def test_every_error_that_a_server_causes_has_a_hint() -> None:
    hintless = [cls.__name__ for cls in ApiError.__subclasses__() if not cls.default_hint]
    assert hintless == []


def test_only_faults_that_time_can_heal_are_retryable() -> None:
    retryable = {cls.__name__ for cls in classes() if cls.retryable}
    passing = {"NetworkError", "ConnectionFailed", "ConnectionLost", "RateLimited", "ServerFault", "Busy"}
    assert retryable == passing


STATUSES = [
    (400, "BadRequest"),
    (401, "Unauthenticated"),
    (402, "ApiError"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "ApiError"),
    (409, "Conflict"),
    (422, "BadRequest"),
    (429, "RateLimited"),
    (500, "ServerFault"),
    (503, "ServerFault"),
    (599, "ServerFault"),
]


@for_every("status, name", lambda: STATUSES)
def test_every_status_has_its_class(status: int, name: str) -> None:
    assert api_error_for(status).__name__ == name


def test_details_are_copied_so_that_nobody_can_change_them_later() -> None:
    detail = {"path": "a", "reason": "b"}
    error = DevinToolsError("No.", details=[detail])
    detail["reason"] = "changed"
    assert error.details == ({"path": "a", "reason": "b"},)
