"""The deployment's keys: made once, read by us alone, never half written."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from lien.accounts.keyfiles import create_missing, load_keys, rotate_attestor
from lien.accounts.registrations import registered_providers
from lien.cli.init import prepare
from lien.config import BadConfig, Config
from lien.mockprovider import load_key
from lien.secretfiles import read_secret


def test_keys_are_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = create_missing(folder)
    public = load_keys(folder).attestor.public
    again = create_missing(folder)

    assert first == ["attestor.key", "tokens.key"]
    assert again == []
    assert load_keys(folder).attestor.public == public


def test_only_we_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    create_missing(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o700
    for path in (folder / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in (folder / "keys").iterdir()) == [
        "attestor.key",
        "tokens.key",
    ]


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    def start(_: int) -> bytes:
        create_missing(tmp_path)
        return load_keys(tmp_path).attestor.public

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(32)))) == 1


def test_what_is_missing_is_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="lien init"):
        load_keys(tmp_path)


def test_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    create_missing(tmp_path)
    (tmp_path / "keys/attestor.key").chmod(0o640)
    with pytest.raises(BadConfig, match="chmod 600"):
        load_keys(tmp_path)


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "AB" * 32, "é" * 64, "a" * 5000])
@pytest.mark.parametrize("name", ["attestor.key", "tokens.key"])
def test_what_is_no_key_is_refused(tmp_path: Path, name: str, text: str) -> None:
    create_missing(tmp_path)
    (tmp_path / "keys" / name).write_text(text)
    with pytest.raises(BadConfig):
        load_keys(tmp_path)


def test_two_attestors_are_refused_and_two_token_keys_taken(tmp_path: Path) -> None:
    create_missing(tmp_path)
    tokens = tmp_path / "keys/tokens.key"
    tokens.write_text("ab" * 32 + "\n" + tokens.read_text())
    load_keys(tmp_path)
    attestor = tmp_path / "keys/attestor.key"
    attestor.write_text(attestor.read_text() * 2)
    with pytest.raises(BadConfig, match="a seed"):
        load_keys(tmp_path)


def test_init_makes_what_a_demonstration_needs(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path / "data", mock_provider=True)

    made = prepare(config)

    assert made == ["attestor.key", "tokens.key", "mock-provider.json"]
    assert prepare(config) == []
    assert load_key(config.data_dir).client_secret
    assert load_key(config.data_dir).client_secret not in repr(load_key(config.data_dir))


def test_pro_sante_connect_is_set_up_by_the_operator(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret\n")
    secret.chmod(0o600)
    url = "https://auth.example/auth/realms/esante-wallet/.well-known/wallet-openid-configuration"
    config = Config(
        origin="https://lien.example",
        psc_discovery_url=url,
        psc_client_id="lien",
        psc_client_secret_file=str(secret),
    )

    (settings,) = registered_providers(config)

    assert settings.redirect_uri == "https://lien.example/auth/psc/callback"
    assert settings.client_secret == "the secret"
    assert "the secret" not in repr(settings)
    assert registered_providers(Config()) == []
    for bad in (
        Config(psc_discovery_url=url.replace("https", "http")),
        Config(psc_discovery_url=url, psc_client_id="lien"),
    ):
        with pytest.raises(BadConfig):
            registered_providers(bad)
    with pytest.raises(BadConfig):
        read_secret(tmp_path / "another")


def test_a_second_provider_is_keyed_by_the_claim_its_operator_names(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret\n")
    secret.chmod(0o600)
    config = Config(
        origin="https://lien.example",
        oiis_discovery_url="https://sso.example/realms/pro/.well-known/openid-configuration",
        oiis_client_id="lien",
        oiis_client_secret_file=str(secret),
        oiis_rpps_claim="numero_rpps",
    )

    (settings,) = registered_providers(config)

    assert settings.redirect_uri == "https://lien.example/auth/oiis/callback"
    assert (settings.rpps_claim, settings.levels) == ("numero_rpps", ())
    for bad in (
        replace(config, oiis_client_id=""),
        replace(config, oiis_discovery_url="http://sso.example/.well-known/x"),
    ):
        with pytest.raises(BadConfig):
            registered_providers(bad)
    for bad in (replace(config, oiis_scope="profile"), replace(config, oiis_rpps_claim="")):
        with pytest.raises(BadConfig):
            bad.check()


def test_test_identities_are_not_for_production() -> None:
    real = "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet/.well-known/x"
    with pytest.raises(BadConfig, match="TEST_IDENTITIES"):
        Config(psc_discovery_url=real, test_identities=True).check()
    Config(psc_discovery_url=real.replace("esw", "bas.psc"), test_identities=True).check()


def test_the_attestor_is_rotated_and_its_succession_kept(tmp_path: Path) -> None:
    create_missing(tmp_path)
    first = load_keys(tmp_path).attestor
    made = [rotate_attestor(tmp_path, None, at_ms) for at_ms in (1, 2)]
    loaded = load_keys(tmp_path).attestor

    assert loaded.attestors == made[1].attestors
    assert loaded.attestors.publics == (first.public, made[0].public, made[1].public)
    assert loaded.public == loaded.attestors.current
    assert (tmp_path / "keys/attestor.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "keys").iterdir() if path.name.startswith(".")] == []


def test_the_attestor_may_lie_apart(tmp_path: Path) -> None:
    apart = tmp_path / "apart" / "attestor.key"
    apart.parent.mkdir()
    made = create_missing(tmp_path / "data", apart)
    rotate_attestor(tmp_path / "data", apart, 1)

    assert made == ["attestor.key", "tokens.key"]
    assert len(load_keys(tmp_path / "data", apart).attestor.steps) == 1
    assert not (tmp_path / "data/keys/attestor.key").exists()


def test_a_key_put_in_the_place_of_the_attestor_is_refused(tmp_path: Path) -> None:
    """Its succession leads to another key: whoever trusts the old one would refuse it anyway."""
    create_missing(tmp_path)
    rotate_attestor(tmp_path, None, 1)
    path = tmp_path / "keys/attestor.key"
    path.write_text("ab" * 32 + "\n" + path.read_text().splitlines()[1] + "\n")

    with pytest.raises(BadConfig, match="attestor"):
        load_keys(tmp_path)
