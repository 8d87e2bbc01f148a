"""What the TypeScript side made opens here: tests/vectors/crypto_typescript.json."""

import json
from pathlib import Path
from typing import Any, Final

from lien.crypto import account, chain, envelope, proofs, statement, suite, vault
from lien.crypto.account import AccountSecret
from lien.crypto.chain import Attestors, Link
from lien.crypto.statement import SignedStatement
from lien.crypto.succession import check_succession
from lien.ids import AccountId

MADE: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors/crypto_typescript.json").read_text()
)
unhex = bytes.fromhex


def test_a_chain() -> None:
    made = MADE["chain"]
    links = [Link(unhex(one["data"]), unhex(one["signature"])) for one in made["links"]]
    state = chain.replay(
        links,
        Attestors.of(unhex(MADE["attestor_public"])),
        expected_account=AccountId(made["account"]),
    )

    assert (state.length, state.head.hex()) == (made["length"], made["head"])
    assert (state.generation, len(state.devices)) == (2, 2)


def test_an_earlier_secret() -> None:
    made, owner = MADE["earlier"], AccountId(MADE["chain"]["account"])
    newer = AccountSecret.from_bytes(unhex(made["newer"]))

    assert (
        account.open_earlier(newer, unhex(made["box"]), owner, 1).to_bytes().hex() == made["secret"]
    )


def test_a_statement() -> None:
    made = MADE["statement"]
    signed = SignedStatement(unhex(made["data"]), unhex(made["signature"]))
    read = statement.verify_statement(signed, expected_device_public=unhex(made["device_public"]))
    check_succession(None, read)
    sealed = {AccountId(who): unhex(key) for who, key in made["sealed_keys"].items()}
    statement.check_sealed_keys(read, sealed)
    reader = AccountSecret.from_bytes(unhex(made["reader_secret"]))
    key = statement.open_key(read, made["reader"], sealed[made["reader"]], reader.sealing)

    assert key.hex() == made["key"]
    assert statement.open_name(read, key) == made["name"]


def test_an_envelope() -> None:
    made, around = MADE["envelope"], MADE["statement"]
    content = envelope.open_envelope(
        unhex(made["header"]),
        unhex(made["sealed"]),
        key=unhex(around["key"]),
        expected_device_public=unhex(around["device_public"]),
    )

    assert (content.text, content.counter) == (made["text"], made["counter"])
    assert content.statement_hash.hex() == made["statement_hash"]


def test_a_vault_entry() -> None:
    made = MADE["vault"]
    wrapped, wrapping = unhex(made["wrapped"]), unhex(made["wrapping"])

    opened = vault.unwrap(wrapped, wrapping, made["account"], made["wrapper"], 1)

    assert opened.to_bytes().hex() == made["secret"]


def test_boxes() -> None:
    sealed, box = MADE["seal"], MADE["encrypt"]
    sealing = AccountSecret.from_bytes(unhex(sealed["secret"])).sealing

    assert sealing.open(unhex(sealed["box"]), "lien/v1/test", b"aad").hex() == sealed["plaintext"]
    assert suite.decrypt(unhex(box["key"]), unhex(box["box"]), b"aad").hex() == box["plaintext"]


def test_proofs() -> None:
    made = MADE["proofs"]
    public, nonce, session = unhex(made["public"]), unhex(made["nonce"]), made["session"]
    request = (session, made["method"], made["path"], made["at_ms"], unhex(made["body"]))

    proofs.verify_enrol(public, nonce, made["device"], unhex(made["enrol"]))
    proofs.verify_hello(public, nonce, session, made["origin"], unhex(made["hello"]))
    proofs.verify_request(public, *request, unhex(made["request"]))
