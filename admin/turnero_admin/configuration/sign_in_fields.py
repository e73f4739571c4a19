"""What is asked about signing in: the city's provider, and who may still use a password."""

from collections.abc import Mapping, Sequence
from typing import Any

from turnero_admin.configuration import fields
from turnero_admin.configuration.fields import Field, Form, Plain
from turnero_core.i18n import LANGUAGES, N_, gettext
from turnero_queue.permissions import ROLE_NAMES, Role

HERE, PROVIDER = "", "provider"
WAYS = (
    (HERE, N_("With a login and a password of this installation")),
    (PROVIDER, N_("At the city's own sign-in too (OpenID Connect)")),
)
PASSWORDS = Field(
    "passwords",
    N_("Who may still use a password here"),
    "choice",
    options=(
        ("everybody", N_("Everybody")),
        ("administrators", N_("Administrators only")),
    ),
)
SECRET = Field(
    "provider.client_secret_file",
    N_("File that holds the secret"),
    hint=N_(
        "Its name alone, such as city-sign-in. It is in the folder “secrets” of the server. Left"
        " empty, there is no secret."
    ),
    longest=80,
)
WHERE = (
    Field(
        "provider.name",
        N_("What it is called"),
        "names",
        hint=N_("As the button says it: Sign in with …, such as the municipal account."),
        longest=60,
    ),
    Field(
        "provider.issuer",
        N_("Web address of the city's sign-in"),
        required=True,
        hint=N_(
            "Such as https://login.example.org, as it calls itself. Whoever runs it knows this and"
            " the rest."
        ),
        longest=300,
    ),
    Field(
        "provider.client_id",
        N_("Name of this installation there (client ID)"),
        required=True,
        longest=200,
    ),
    SECRET,
)
PEOPLE = (
    Field(
        "provider.claim",
        N_("By what people are recognised the first time"),
        hint=N_("“email” as usual: the address of their account here."),
        longest=120,
    ),
    Field(
        "provider.scopes",
        N_("What is asked about them"),
        "words",
        hint=N_("Words with spaces between them; left empty, email and profile."),
        longest=400,
    ),
    Field("provider.create_accounts", N_("Make an account for who has none yet"), "flag"),
    Field(
        "provider.login_claim",
        N_("What their login becomes"),
        hint=N_("“preferred_username” as usual."),
        longest=120,
    ),
    Field(
        "provider.second_factor",
        N_("The second factor"),
        "choice",
        options=(
            ("own", N_("Asked for here, too")),
            ("provider", N_("Left to the city's sign-in")),
        ),
    ),
)
FOLLOW = Field(
    "provider.follow_groups",
    N_("At every sign-in roles become those of the groups; who leaves a group loses its role"),
    "flag",
)
GROUPS_CLAIM = Field(
    "provider.groups_claim",
    N_("Where the city's sign-in tells the groups"),
    hint=N_("“groups” as usual."),
    longest=120,
)
GROUPS = Field("provider.groups", N_("Roles of the city's groups"))
FIELDS = (PASSWORDS, *WHERE, *PEOPLE, GROUPS, FOLLOW, GROUPS_CLAIM)
# What counts where nothing is written.
USUAL: Mapping[str, Any] = {
    "passwords": "everybody",
    "provider.claim": "email",
    "provider.login_claim": "preferred_username",
    "provider.second_factor": "own",
    "provider.groups_claim": "groups",
    "provider.create_accounts": False,
    "provider.follow_groups": False,
}


def spoken(languages: Sequence[str]) -> list[str]:
    """The languages that the name is asked for in: staff's pages speak no others."""
    return [code for code in languages if code in LANGUAGES]


def flat(stored: Mapping[str, Any]) -> Plain:
    """As the form names its fields."""
    own = {key: value for key, value in stored.items() if key != PROVIDER}
    return {**own, **{f"provider.{key}": value for key, value in stored.get(PROVIDER, {}).items()}}


def typed(form: Form, stored: Mapping[str, Any], languages: Sequence[str]) -> Plain | None:
    """What is filled in, as it is configured; None where everybody signs in here.

    What is as usual and was not written before is not written now.
    """
    known = flat(stored)
    if form.get("through", HERE) == HERE:
        return {"passwords": "everybody"} if known == {"passwords": "everybody"} else None
    asked = tuple(field for field in FIELDS if field is not GROUPS)
    found = {**fields.read(form, asked, languages), **_groups(form)}
    kept = {
        name: value for name, value in found.items() if name in known or value != USUAL.get(name)
    }
    others = {
        code: text for code, text in known.get("provider.name", {}).items() if code not in languages
    }
    if others:
        kept["provider.name"] = {**kept.get("provider.name", {}), **others}
    own = {name: value for name, value in kept.items() if "." not in name}
    provider = {name.partition(".")[2]: value for name, value in kept.items() if "." in name}
    return {**own, PROVIDER: provider}


def _groups(form: Form) -> Plain:
    """Rows of a group, its role, and the office where it has it; rows without a group are none."""
    columns = (form.getlist(f"group.{name}") for name in ("group", "role", "office"))
    rows = [
        {"group": group.strip(), "role": role, **({"office": office} if office else {})}
        for group, role, office in zip(*columns, strict=False)
        if group.strip()
    ]
    return {"provider.groups": rows} if rows else {}


def told(stored: Mapping[str, Any]) -> Plain:
    """Flat, with each group in words, for comparing."""
    found = flat(stored)
    if "provider.groups" in found:
        found["provider.groups"] = [_group(group) for group in found["provider.groups"]]
    return found


def _group(group: Mapping[str, str]) -> str:
    known = [role.value for role in Role]
    role = gettext(ROLE_NAMES[Role(group["role"])]) if group["role"] in known else group["role"]
    where = f" ({group['office']})" if group.get("office") else ""
    return f"{group['group']}: {role}{where}"
