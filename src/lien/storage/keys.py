"""
Every key of the store: its name, type, content and life time.

A channel's keys carry its shard's tag (`{s017}`), and so do an account's chain and what belongs
to it, with the shard of the account's inbox: a revocation and its notice on the feed are one
step. Each script touches one hash slot and stays legal on a Cluster.

| key | type | content | lives |
|---|---|---|---|
| `lien:store` | hash | `schema`, `shards`: what this store was first used with | for ever |
| `lien:probe` | string | written at each start, to learn whether writing works | for ever |
| `{sNNN}:shard` | hash | `incarnation`; `feed`: last feed number; `size`: running mean of an entry; `horizon`: entries before this instant are trimmed; `swept`: when that was done last; `aged`, `marked`: a feed number and its instant, for trimming by age; `primary`: whom it was last written on, to notice a promotion | for ever |
| `{sNNN}:feed` | stream | `<n>-0`, n consecutive: what the relays of every worker read | 10 to 20 minutes, about 8,192 entries, 32 MiB |
| `{sNNN}:oldest` | sorted set | channel by the instant of its oldest entry, less the time by which it forgets before the deployment | as the entry |
| `{sNNN}:log:<channel>` | stream | `<offset>-0`: `t` instant, `h` header, `s` sealed, `c` checksum of both | retention |
| `{sNNN}:state:<channel>` | hash | `offset`, `at`, `incarnation`, `start:<i>`, `epoch`, `stale`, `marks` (rotations of members), `version` (of the membership), `statement` (hash), `readable` (first offset for newcomers), `seenfrom`, `seento` (periods of the duplicate table), `sealed` (first epoch whose keys are kept), `keep` (milliseconds, if an admin chose), `lead` (how much less than the deployment) | as the channel |
| `{sNNN}:members:<channel>` | hash | account to `role:generation:since` | as the channel |
| `{sNNN}:statements:<channel>` | hash | `<epoch>` to signature and statement, `o<epoch>` to its offset | as the channel |
| `{sNNN}:sealed:<channel>:<epoch>` | hash | account to the conversation key sealed to it | as the entries it opens |
| `{sNNN}:seen:<channel>:<period>` | hash | `device:envelope` to `offset:instant:digest` | max(retention, 30 days) |
| `{sNNN}:cursors:<channel>` | hash | device to `incarnation:offset`: what that device has stored | as the channel |
| `{sNNN}:receipts:<channel>` | hash | `account:level` to the highest offset | as the channel |
| `{sNNN}:accounts` | set | every account of the shard | for ever |
| `{sNNN}:account:<account>` | hash | `rpps` or `invitation`, `created`, `administers` (an establishment), `head` (hash of the last link), `label:<device>`, `added:<device>`, `seen:<device>` | for ever |
| `{sNNN}:chain:<account>` | list | the links of the account: signature, then bytes | for ever |
| `{sNNN}:earlier:<account>` | hash | generation to that account secret under the next one | as the account |
| `{sNNN}:vault:<account>` | hash | wrapper to `generation:` and the wrapped account secret | as the account |
| `{sNNN}:passkeys:<account>` | hash | passkey to its public key, counter, label | until removed |
| `{sNNN}:devices:<account>` | hash | `key:<device>` to its sealing key and the device's signature, `box:<device>` to `generation:` and that account secret sealed to the device | as the device |
| `{sNNN}:pins:<account>` | hash | PIN to the device it opens | until removed |
| `{sNNN}:sessions:<account>` | hash | session to `device:started:ends` | until ended; cleared at sign-in |
| `{sNNN}:ended` | sorted set | `account:device:session` of what ended, by when; without a session the device, without both the account | 5 h |
| `{sNNN}:unsettled` | sorted set | account whose conversations must be marked stale, by its number of links | until settled |
| `{sNNN}:blob:<blob>` | hash | `owner`, `size`, `audience` (a conversation, or the hash of accounts), `created`, `expires`, `complete` (0 being uploaded, 1 whole, 2 being removed), `p<number>`: checksum of each part, `r:<account>`: who may read it | retention, an upload that stands still 24 h |
| `{sNNN}:blobs` | sorted set | blob by the instant it expires | as the blob |
| `{sNNN}:traces:<account>` | stream | what the account did with documents: `t` instant, `k` kind, `d` document, `v` device, `g` generation, `n` note sealed to its author; `a` the same sealed to the controller's key named `p`, where there is one | `LIEN_AUDIT_DAYS` |
| `{gateways}:all` | set | every gateway there is or was | for ever |
| `{gateways}:gateway:<gateway>` | hash | `certificate`, `signature`, `registered`; `revocation`, `revocation_signature` | for ever |
| `{gateways}:code:<digest>` | hash | `name`, `structure`, `days` a registration code stands for; `taken`: by which gateway and key | 7 days |
| `{a:<account>}:push` | hash | device to its subscription: address and keys at its vendor's push service, muted conversations, quiet hours, how many entries wait, how the last push went | until the device unsubscribes, is revoked, or its vendor says it is gone |
| `push:leader` | string | the worker that wakes devices for all of them | 15 s, renewed |
| `{sNNN}:sponsorships:<account>` | hash | invitation to the sponsorship its account signed, until when its link may be accepted, when and by whom it was ended | for ever |
| `{sNNN}:guests` | sorted set | account of a guest by the instant their sponsorship ends | until it has |
| `guest-words` | sorted set | words of the names and roles of guests, each with the account it finds | until the guest leaves |
| `guests-hidden` | set | guests whom no word finds | until the guest leaves |
| `invitation:<invitation>` | string | the account that signed it | for ever |
| `guest:<invitation>` | string | the account that accepted it | for ever |
| `structure:<digest>` | set | accounts that said they work in that structure, some of them long ago | for ever |
| `login:<digest>` | set | `account:device:session` of what began with that sign-in at a provider | 5 h |
| `logout:<digest>` | string | when a provider said that this sign-in is over | 15 minutes |
| `rpps:<rpps>` | string | the account of that professional | as the account |
| `passkey:<passkey>` | string | the account of that passkey | until removed |
| `pin:<pin>` | hash | `account`, `device`, `public` (verifies the PIN's proof), `share`, `tries`, `until`: what a PIN needs besides its phone | until removed; the share, until ten wrong tries |
| `once:<name>` | string | what may be used once: provider states, challenges, flows, letters between a new device and an old one | 2 or 10 minutes |
| `{a:<account>}:channels` | hash | channel to the instant it was added; a hint, membership decides | as the account |
| `{directory}:current` | hash | `generation` people are read from, `extract_date`, `people`, `imported_at_ms` | for ever |
| `{directory}:generations` | set | numbers of the generations of keys that may exist | for ever |
| `{directory}:last` | string | the last number given to a generation | for ever |
| `{directory}:import` | string | token of the running import | 60 s, renewed |
| `{directory}:reconciled` | string | the generation with which the accounts were compared last | for ever |
| `{directory}:hidden` | set | RPPS number of who is found by the whole number only | until its owner changes it |
| `{directory}:<generation>:listed` | hash | RPPS number to the professional, those of the territory | until the next import |
| `{directory}:<generation>:names` | sorted set | name key of everyone listed, in order | until the next import |
| `{directory}:<generation>:tokens:<kind>` | sorted set | `token`, 0, name key; kind `name`: words of names, `place`: of profession, commune, structure, `commune`: each commune as one word | until the next import |
| `{directory}:<generation>:spellings` | sorted set | `trace`, 0, word: what a mistyped word has in common with the word meant | until the next import |
| `{directory}:<generation>:proofs:<bucket>` | hash | rest of the RPPS number to names and profession, for sign-up: everyone else | until the next import |
| `{directory}:<generation>:professions` | hash | profession code to its label | until the next import |
| `{audit}:head` | hash | `number`, `hash` of the last entry of the trail; `base`, `base_hash` of the last one forgotten | for ever |
| `{audit}:trail` | stream | `<number>-0`: `d` the event, `h` its hash over the hash before and itself | `LIEN_AUDIT_DAYS` |
| `{audit}:of:<account>` | sorted set | numbers of the entries that concern the account | as the entries |
| `bucket:<name>` | hash | `tokens`, `at`: a token bucket | until it is full again |
"""

from lien.ids import (
    AccountId,
    BlobId,
    ChannelId,
    GatewayId,
    InvitationId,
    PasskeyId,
    PinId,
    RppsNumber,
)

STORE = "lien:store"
PROBE = "lien:probe"


def tag(shard: int) -> str:
    """The hash tag of a shard."""
    return f"{{s{shard:03d}}}"


# Shards


def shard(shard: int) -> str:
    return f"{tag(shard)}:shard"


def feed(shard: int) -> str:
    return f"{tag(shard)}:feed"


def oldest(shard: int) -> str:
    return f"{tag(shard)}:oldest"


# Channels


def log(shard: int, channel: ChannelId) -> str:
    return f"{tag(shard)}:log:{channel}"


def state(shard: int, channel: ChannelId) -> str:
    return f"{tag(shard)}:state:{channel}"


def members(shard: int, channel: ChannelId) -> str:
    return f"{tag(shard)}:members:{channel}"


def statements(shard: int, channel: ChannelId) -> str:
    return f"{tag(shard)}:statements:{channel}"


def sealed(shard: int, channel: ChannelId, epoch: int) -> str:
    return f"{tag(shard)}:sealed:{channel}:{epoch}"


def seen(shard: int, channel: ChannelId, period: int) -> str:
    return f"{tag(shard)}:seen:{channel}:{period}"


def cursors(shard: int, channel: ChannelId) -> str:
    return f"{tag(shard)}:cursors:{channel}"


def receipts(shard: int, channel: ChannelId) -> str:
    return f"{tag(shard)}:receipts:{channel}"


# Accounts


def accounts(shard: int) -> str:
    return f"{tag(shard)}:accounts"


def account(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:account:{account}"


def chain(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:chain:{account}"


def earlier(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:earlier:{account}"


def vault(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:vault:{account}"


def passkeys(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:passkeys:{account}"


def devices(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:devices:{account}"


def pins(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:pins:{account}"


def sessions(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:sessions:{account}"


def ended(shard: int) -> str:
    return f"{tag(shard)}:ended"


def unsettled(shard: int) -> str:
    return f"{tag(shard)}:unsettled"


def sponsorships(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:sponsorships:{account}"


def guests(shard: int) -> str:
    return f"{tag(shard)}:guests"


def guest_words() -> str:
    return "guest-words"


def guests_hidden() -> str:
    return "guests-hidden"


def invitation(invitation: InvitationId) -> str:
    return f"invitation:{invitation}"


def guest(invitation: InvitationId) -> str:
    return f"guest:{invitation}"


def structure(digest: str) -> str:
    return f"structure:{digest}"


def login(digest: str) -> str:
    return f"login:{digest}"


def logout(digest: str) -> str:
    return f"logout:{digest}"


def rpps(rpps: RppsNumber) -> str:
    return f"rpps:{rpps}"


def passkey(passkey: PasskeyId) -> str:
    return f"passkey:{passkey}"


def pin(pin: PinId) -> str:
    return f"pin:{pin}"


def once(name: str) -> str:
    return f"once:{name}"


def channels(account: AccountId) -> str:
    return f"{{a:{account}}}:channels"


PUSH_LEADER = "push:leader"


def push(account: AccountId) -> str:
    return f"{{a:{account}}}:push"


# Blobs


def blob(shard: int, blob: BlobId) -> str:
    return f"{tag(shard)}:blob:{blob}"


def blobs_due(shard: int) -> str:
    return f"{tag(shard)}:blobs"


# Documents


GATEWAYS = "{gateways}:all"


def gateway(gateway: GatewayId) -> str:
    return f"{{gateways}}:gateway:{gateway}"


def gateway_code(digest: str) -> str:
    return f"{{gateways}}:code:{digest}"


def traces(shard: int, account: AccountId) -> str:
    return f"{tag(shard)}:traces:{account}"


# Directory


DIRECTORY_CURRENT = "{directory}:current"
DIRECTORY_GENERATIONS = "{directory}:generations"
DIRECTORY_LAST = "{directory}:last"
DIRECTORY_IMPORT = "{directory}:import"
DIRECTORY_RECONCILED = "{directory}:reconciled"
DIRECTORY_HIDDEN = "{directory}:hidden"


def listed(generation: int) -> str:
    return f"{{directory}}:{generation}:listed"


def names(generation: int) -> str:
    return f"{{directory}}:{generation}:names"


def tokens(generation: int, kind: str) -> str:
    return f"{{directory}}:{generation}:tokens:{kind}"


def spellings(generation: int) -> str:
    return f"{{directory}}:{generation}:spellings"


def proofs(generation: int, bucket: int) -> str:
    return f"{{directory}}:{generation}:proofs:{bucket}"


def professions(generation: int) -> str:
    return f"{{directory}}:{generation}:professions"


# The trail


AUDIT_HEAD = "{audit}:head"
AUDIT_TRAIL = "{audit}:trail"


def audit_of(account: AccountId) -> str:
    return f"{{audit}}:of:{account}"


# Limits


def bucket(name: str) -> str:
    return f"bucket:{name}"
