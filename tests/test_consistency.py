"""The project checked against itself: what review would forget."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.db.models import Manager

from copa.celery import app
from copa.kernel import access, look
from copa.kernel.scope import ScopedManager
from copa.schedule import BEAT_SCHEDULE
from territories.models import Territory
from visits import rules

ROOT = Path(__file__).resolve().parent.parent
OURS = ["copa", "territories", "pathways", "visits", "messaging", "billing", "reporting"]

# The second manager is named here and nowhere else, each file with its reason; the files of models declare it.
UNSCOPED_ALLOWED = {
    "territories/models/base.py": "declares it; a person's own memberships",
    "territories/admin.py": "shows support an empty list: the second wall holds",
    "territories/middleware.py": "finds the member before the scope is open",
    "reporting/perms.py": "figures of a region",
}
# A scope is opened by the two gates, and by commands (style.md 30).
SCOPE_OPENED_IN = {
    "copa/kernel/jobs.py",
    "territories/middleware.py",
    "copa/demo/community.py",
    "copa/demo/ladders.py",
    "copa/demo/loader.py",
    "copa/demo/moves.py",
}


def sources() -> list[Path]:
    return sorted(
        path for app_name in OURS for path in (ROOT / app_name).rglob("*.py") if "migrations" not in path.parts
    )


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_a(kind: str, name: str) -> bool:
    """Whether this is `<app>/<kind>.py`, or a file of the package `<app>/<kind>/`."""
    return name.split("/")[1] in {kind, f"{kind}.py"}


def test_unscoped_manager_is_named_only_in_listed_files() -> None:
    naming = {relative(path) for path in sources() if re.search(r"\bunscoped\b", path.read_text())}
    declaring = {name for name in naming if is_a("models", name)}

    assert naming - declaring | {"territories/models/base.py"} == set(UNSCOPED_ALLOWED)


def test_scope_is_opened_at_the_gates_and_by_commands_only() -> None:
    opening = {
        relative(path) for path in sources() if re.search(r"\b(scope\.opened|_tell_database)\(", path.read_text())
    }

    assert {name for name in opening if "/management/commands/" not in name} == SCOPE_OPENED_IN | {
        "copa/kernel/scope.py"
    }


def test_no_role_comparison_outside_permissions() -> None:
    """Roles are compared where rows are filtered, nowhere else (style.md 35)."""
    allowed = {"copa/kernel/access.py"}
    pattern = re.compile(r"\.role\s*(==|!=|(not )?in (?!perms\.\w+\.roles))")

    found = {relative(path) for path in sources() if pattern.search(path.read_text())}
    in_templates = [
        relative(path) for path in (ROOT / "templates").rglob("*.html") if re.search(r"\.role\b", path.read_text())
    ]

    elsewhere = {name for name in found if not is_a("perms", name) and not is_a("models", name)}
    assert elsewhere == allowed
    assert in_templates == []


def test_ring_of_the_clock_turns_amber_with_the_first_alert() -> None:
    """The kernel draws the clock and knows no rule: its two numbers are those of the one place that does."""
    assert look.DAY == rules.REPORT_DELAY
    assert look.NEAR == rules.REPORT_SOON_DELAY


def test_no_file_is_too_long() -> None:
    long = {relative(path): n for path in sources() if (n := path.read_text().count("\n")) > 800}

    assert long == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{relative(path)}:{node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 40
    ]

    assert long == []


def test_every_model_of_a_territory_has_the_scoped_default_manager() -> None:
    wrong = [
        model.__name__
        for model in apps.get_models()
        if any(f.related_model is Territory and f.name == "territory" for f in model._meta.concrete_fields)
        and not isinstance(model._default_manager, ScopedManager)
    ]

    assert wrong == []


def test_every_model_of_a_territory_has_the_second_manager() -> None:
    missing = [
        model.__name__
        for model in apps.get_models()
        if isinstance(model._default_manager, ScopedManager)
        and (not isinstance(model.unscoped, Manager) or isinstance(model.unscoped, ScopedManager))
    ]

    assert missing == []


def test_each_scheduled_task_exists_and_schedule_is_sorted() -> None:
    app.loader.import_default_modules()
    app.autodiscover_tasks(force=True)
    names = [entry["task"] for entry in BEAT_SCHEDULE.values()]

    assert [name for name in names if name not in app.tasks] == []
    assert list(BEAT_SCHEDULE) == sorted(BEAT_SCHEDULE)


def test_verbose_names_are_lower_case() -> None:
    ours = [model for name in OURS[1:] for model in apps.get_app_config(name).get_models()]

    assert [m.__name__ for m in ours if str(m._meta.verbose_name)[0].isupper()] == []


def test_every_permission_has_a_french_label_and_a_real_model() -> None:
    assert len(access.registry) > 20
    for perm in access.registry.values():
        assert apps.get_model(perm.model)
        assert perm.label[0].isupper()
        assert perm.roles


def template_names() -> set[str]:
    return {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")}


def test_no_template_is_unused() -> None:
    # allauth and Django find theirs by name.
    by_convention = ("account/", "mfa/", "usersessions/", "allauth/", "400.html", "403.html", "404.html", "500.html")
    texts = "\n".join(
        path.read_text()
        for folder in [*OURS, "templates", "tests"]
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
    )

    unused = [name for name in template_names() if not name.startswith(by_convention) and f'"{name}"' not in texts]

    assert unused == []


def test_pages_are_short() -> None:
    long = {
        relative(path): n
        for path in (ROOT / "templates").rglob("*.html")
        if "styleguide" not in path.parts and (n := path.read_text().count("\n")) > 150
    }

    assert long == {}


def test_no_inline_code_in_templates() -> None:
    inline = re.compile(r"\son[a-z]+=\"|\sstyle=\"|<style|<script(?![^>]*(src=|application/json))", re.IGNORECASE)

    assert [relative(p) for p in (ROOT / "templates").rglob("*.html") if inline.search(p.read_text())] == []


@pytest.mark.parametrize("name", ["load_demo", "load_reference", "demo_logins", "runall", "services", "migrate"])
def test_promised_commands_exist(name: str) -> None:
    assert name in get_commands()


def test_lock_files_name_no_host() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert "http" not in lock.read_text()
        assert "--hash=sha256:" in lock.read_text()


def test_no_phone_of_a_real_person() -> None:
    """Only the numbers reserved for fiction, short codes, and the fictional range of the overseas territory."""
    number = re.compile(r"(?<![\d.])(?:\+33|0)[1-79](?:[ .\u00a0\u202f]?\d{2}){4}(?!\d)")
    wrong = {}
    for folder in [*OURS, "templates", "static", "docs"]:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".js", ".md", ".json"}:
                digits = [re.sub(r"\D", "", found) for found in number.findall(path.read_text())]
                bad = [d for d in digits if not re.match(r"^(?:33|0)19900|^026200|^26226200", d)]
                if bad:
                    wrong[relative(path)] = bad

    assert wrong == {}
