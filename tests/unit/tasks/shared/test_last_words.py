"""What the last message of a session is taken for: a question, done work, or neither."""

from __future__ import annotations

from support.laws import for_every

from devin_tools.tasks.shared.last_words import asks, says_done

DONE = [
    "Done: the pull request is open and its tests pass.",
    "Both parts are done.",
    "I've completed the task. Let me know if you'd like any changes!",
    "Done! Is there anything else I can do for you?",
    "All set. Do you have any other questions?",
    "I opened https://example.com/a?b=1 and the work is finished.",
    "## What changed?\nThe parser. It is fixed now.",
    "**Why did it fail?**\nA race, which I fixed.",
    "Here is the report you asked for.",
    "The dependencies are up to date: no changes are needed.",
    "I fixed the login, which failed until now.",
    "PR is ready for review.",
    "It is merged into main. Could you please review what is left in the wiki?",
    "I checked all 40 modules and found no leaks.",
    "No vulnerabilities were found.",
    "All packages are up to date.",
    "I've pushed the changes to the branch and updated the wiki page.",
    "I have upgraded all packages. CI is green.",
]
QUESTIONS = [
    "Which database should the tests use: the local one or staging?",
    "The first half is done. Should I go on with the second?",
    "Which one do you want?\n\n1. The old one\n2. The new one",
    "It is done on my side. Please confirm before I merge it.",
    "Let me know which branch to use.",
    "I am waiting for your approval.",
    "It is done. Can you review the design before I go on, or should I start?",
    "I wasn't able to reproduce it. Could you share the steps?",
    "I need you to log in to the registry.",
    "\u3069\u3061\u3089\u3067\u3059\u304b\uff1f",
]
NEITHER = [
    "I found the cause and am testing a fix.",
    "Thank you, I will go on with that.",
    "The tests of the night have run.",
    "The fix isn't done yet.",
    "I could not complete the task.",
    "Once the build is done I will open a pull request.",
    "I have completed the first step and am now working on the second.",
    "The module is fixed. Moving on to the tests.",
    "Almost done.",
    "I am waiting for CI to finish.",
    "I was unable to complete the task because the registry is down.",
    "Hi! I'll get started on this.",
    "I created a branch.",
    "I pushed a branch and will now write the tests.",
    "I pushed the parser. I'm still running the tests.",
    "```\nassert done?\n```",
    "",
]


@for_every("text", lambda: DONE)
def test_what_says_that_the_work_is_done(text: str) -> None:
    assert says_done(text) and not asks(text)


@for_every("text", lambda: QUESTIONS)
def test_what_wants_an_answer_first(text: str) -> None:
    assert asks(text) and not says_done(text)


@for_every("text", lambda: NEITHER)
def test_what_says_neither(text: str) -> None:
    assert not asks(text) and not says_done(text)
