/**
 * What this side makes, for Python to open (tests/crypto/test_interop.py).
 * `LIEN_WRITE_VECTORS=1 npx vitest run engine/crypto/interop` writes tests/vectors/crypto_typescript.json anew.
 */
import { writeFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { AccountId, PasskeyId } from "../../bridge/models.js"
import { utf8, type Bytes } from "../bytes.js"
import { directChannel, newAccount, newDevice, newEnvelope } from "../ids.js"
import { generateAccountSecret, sealEarlier } from "./account.js"
import { byAccount, byDevice, createChain, makeLink, replay, type Link } from "./chain.js"
import { plainText } from "./contents/messages.js"
import { openEnvelope, sealEnvelope, contentOf } from "./envelope.js"
import { proveEnrol, proveHello, proveRequest } from "./proofs.js"
import { seal } from "./sealing.js"
import { generateDeviceKey, openDeviceKey } from "./signing.js"
import { decodeStatement, makeStatement, openKey, type Recipient } from "./statement.js"
import { encrypt } from "./suite.js"
import { passkeyWrapper, wrap } from "./vault.js"

const FILE = new URL("../../../../tests/vectors/crypto_typescript.json", import.meta.url)
const AT_MS = 1_795_000_000_000
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const pair = ({ data, signature }: Link) => ({ data: hex(data), signature: hex(signature) })

async function person(attestor: Bytes) {
  const [account, device, key] = [newAccount(), newDevice(), openDeviceKey(await generateDeviceKey())]
  const secret = await generateAccountSecret()
  const link = await createChain(
    account,
    {
      kind: "create",
      device,
      devicePublic: key.public,
      signingPublic: secret.signing.public,
      sealingPublic: secret.sealing.public,
    },
    key,
    AT_MS,
  )
  return { account, device, key, secret, link, chain: await replay([link], [attestor]) }
}

test("a chain, a conversation and a vault as this side makes them", async () => {
  const attestor = new Uint8Array(32).fill(7)
  const [author, reader] = [await person(attestor), await person(attestor)]

  // A second device through the account key, and a rotation by the first one.
  const phone = openDeviceKey(await generateDeviceKey())
  const phoneId = newDevice()
  const added = await makeLink(
    author.chain,
    { kind: "add_device", device: phoneId, devicePublic: phone.public },
    byAccount(author.secret.signing),
    AT_MS,
  )
  const second = await generateAccountSecret()
  const before = await replay([author.link, added], [attestor])
  const rotated = await makeLink(
    before,
    { kind: "rotate_secret", generation: 2, signingPublic: second.signing.public, sealingPublic: second.sealing.public },
    byDevice(author.device, author.key),
    AT_MS,
  )
  const chain = await replay([author.link, added, rotated], [attestor])

  const channel = await directChannel(author.account, reader.account)
  const recipients: Recipient[] = [
    { account: author.account, role: "admin", generation: 2, sealingPublic: chain.sealingPublic },
    { account: reader.account, role: "admin", generation: 1, sealingPublic: reader.chain.sealingPublic },
  ]
  const key = crypto.getRandomValues(new Uint8Array(32))
  const draft = { channel, previous: null, recipients, key, name: "Équipe de nuit", previousKey: null }
  const { signed, sealedKeys } = await makeStatement(draft, author, AT_MS)
  const statement = await decodeStatement(signed.data)
  const own = sealedKeys.get(reader.account) ?? new Uint8Array()
  expect(await openKey(statement, reader.account, own, reader.secret.sealing)).toEqual(key)

  const header = { channel, epoch: 1, account: author.account, device: author.device, envelope: newEnvelope(), kind: "message" } as const
  const text = "Le lit 12 est prêt. 🏥\u200b"
  const content = contentOf(plainText(text), 3, statement.hash)
  const envelope = await sealEnvelope(header, content, key, author.key)
  expect(await openEnvelope(envelope.header, envelope.sealed, key, author.key.public)).toEqual(content)

  const wrapper = passkeyWrapper("cGFzc2tleQ" as PasskeyId)
  const wrapping = crypto.getRandomValues(new Uint8Array(32))
  const [nonce, session, origin] = [new Uint8Array(32).fill(9), newAccount(), "https://lien.example"]
  const request = { session, method: "POST", path: "/api/chain?x=1", atMs: AT_MS, body: utf8('{"links":[]}') }
  const made = {
    attestor_public: hex(attestor),
    chain: { account: author.account, links: [author.link, added, rotated].map(pair), head: hex(chain.head), length: 3 },
    earlier: { newer: hex(second.bytes), box: hex(sealEarlier(second, author.secret, author.account, 1)), secret: hex(author.secret.bytes) },
    statement: {
      ...pair(signed),
      device_public: hex(author.key.public),
      sealed_keys: Object.fromEntries([...sealedKeys].map(([account, sealed]: [AccountId, Uint8Array]) => [account, hex(sealed)])),
      reader: reader.account,
      reader_secret: hex(reader.secret.bytes),
      key: hex(key),
      name: "Équipe de nuit",
    },
    envelope: { header: hex(envelope.header), sealed: hex(envelope.sealed), text, counter: 3, statement_hash: hex(statement.hash) },
    vault: {
      wrapped: hex(await wrap(author.secret, wrapping, author.account, wrapper, 1)),
      wrapping: hex(wrapping),
      account: author.account,
      wrapper,
      secret: hex(author.secret.bytes),
    },
    seal: {
      secret: hex(author.secret.bytes),
      box: hex(await seal(author.secret.sealing.public, utf8("plain"), "lien/v1/test", utf8("aad"))),
      plaintext: hex(utf8("plain")),
    },
    encrypt: { key: hex(key), box: hex(encrypt(key, utf8("plain"), utf8("aad"))), plaintext: hex(utf8("plain")) },
    proofs: {
      public: hex(author.key.public),
      device: author.device,
      nonce: hex(nonce),
      origin,
      session,
      method: request.method,
      path: request.path,
      at_ms: AT_MS,
      body: hex(request.body),
      enrol: hex(await proveEnrol(author.key, nonce, author.device)),
      hello: hex(await proveHello(author.key, nonce, session, origin)),
      request: hex(await proveRequest(author.key, request)),
    },
  }
  if (process.env.LIEN_WRITE_VECTORS !== undefined) writeFileSync(FILE, JSON.stringify(made, null, 1) + "\n")
})
