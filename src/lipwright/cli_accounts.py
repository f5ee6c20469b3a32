"""Commands for accounts: `lipwright keys …` and `lipwright credits …`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lipwright.cli_rows import Json, print_rows
from lipwright.errors import InvalidRequest

if TYPE_CHECKING:  # the service takes a second to import
    from lipwright.service.accounts import KeyCard, NewKey
    from lipwright.service.settings import Settings

keys_app = typer.Typer(no_args_is_help=True, help="Create, list, rotate and revoke API keys.")
credits_app = typer.Typer(no_args_is_help=True, help="Grant and list credits.")

ApiId = Annotated[str, typer.Argument(help="API id.")]
AccountName = Annotated[str, typer.Option("--name", help="Name of the account.")]


def add_account_commands(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.add_typer(keys_app, name="keys")
    app.add_typer(credits_app, name="credits")


def _settings() -> Settings:
    from lipwright.service.settings import Settings

    return Settings()


@keys_app.command("create")
def create_api_key(  # noqa: PLR0913 - an option is an argument
    name: AccountName,
    label: Annotated[str, typer.Option(help="What the key is for.")] = "",
    scope: Annotated[str, typer.Option(help="read, render or admin.")] = "admin",
    days: Annotated[int | None, typer.Option(help="Days until it expires; never if left out.")] = (
        None
    ),
    rate: Annotated[int | None, typer.Option(help="Requests a minute; 0 is no limit.")] = None,
    unfinished: Annotated[int | None, typer.Option(help="Tasks under way; 0 is no limit.")] = None,
    as_json: Json = False,
) -> None:
    """Create an API id and key, and the account if it is new; the key is shown this once."""
    from lipwright.service.accounts import (
        KeyOrder,
        Limits,
        account_named,
        create_key,
        opened,
        scope_named,
    )

    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    order = KeyOrder(label, scope_named(scope), expires_at, Limits(rate, unfinished))
    settings = _settings()
    with opened(settings) as engine:
        with engine.begin() as connection:
            account_id = account_named(connection, name, settings.credits)
        _show_once(create_key(engine, account_id, order), as_json)


def _show_once(made: NewKey, as_json: bool) -> None:
    print_rows([{"X-API-ID": made.api_id, "X-API-KEY": made.api_key}], as_json)


@keys_app.command("list")
def list_api_keys(as_json: Json = False) -> None:
    """List the API ids; keys themselves are not kept."""
    from lipwright.service.accounts import list_keys, opened

    with opened(_settings()) as engine:
        print_rows([_row(card) for card in list_keys(engine)], as_json)


def _row(card: KeyCard) -> dict[str, Any]:
    return {
        "X-API-ID": card.api_id,
        "name": card.account,
        "label": card.label,
        "scope": card.scope.value,
        "created": _written(card.created_at),
        "expires": _written(card.expires_at),
        "revoked": _written(card.revoked_at),
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


@keys_app.command("rotate")
def rotate_api_key(
    api_id: ApiId,
    grace_s: Annotated[
        float | None, typer.Option(help="Seconds that the old key works; default the setting.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a new key for an API id; the old one works for a while."""
    from lipwright.service.accounts import opened, rotate_key

    settings = _settings()
    grace = timedelta(seconds=settings.key_grace_s if grace_s is None else grace_s)
    with opened(settings) as engine:
        _show_once(rotate_key(engine, api_id, grace), as_json)


@keys_app.command("revoke")
def revoke_api_key(api_id: ApiId) -> None:
    """Revoke a key; requests with it are refused from now on."""
    from lipwright.service.accounts import opened, revoke_key

    with opened(_settings()) as engine:
        revoke_key(engine, api_id)
    print(f"revoked {api_id}")


@credits_app.command("grant")
def grant_credits(
    name: AccountName,
    amount: Annotated[int, typer.Option(help="Credits to add; a minus takes them away.")],
    as_json: Json = False,
) -> None:
    """Add credits to an account."""
    from lipwright.service import ledger
    from lipwright.service.accounts import known_account, opened

    if not amount:
        raise InvalidRequest("Give an amount that is not 0.")
    with opened(_settings()) as engine, engine.begin() as connection:
        account_id = known_account(connection, name)
        ledger.enter(connection, account_id, None, amount, "grant")
        left = ledger.balance(connection, account_id)
    print_rows([{"name": name, "credits": left}], as_json)


@credits_app.command("list")
def list_credits(
    name: AccountName,
    count: Annotated[int, typer.Option(min=1, help="How many entries, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List an account's credits: what was granted, held, settled and given back."""
    from lipwright.service import ledger
    from lipwright.service.accounts import known_account, opened

    with opened(_settings()) as engine, engine.connect() as connection:
        entries = ledger.entries(connection, known_account(connection, name), count)
    rows = [
        {"when": _written(e.created_at), "amount": e.amount, "reason": e.reason, "run": e.run_id}
        for e in entries
    ]
    print_rows(rows, as_json)
