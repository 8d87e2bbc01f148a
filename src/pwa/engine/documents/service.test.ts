import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { DocumentCard, DocumentRef } from "../../bridge/documents.js"
import { Keyring } from "../accounts/keyring.js"
import type { Self } from "../accounts/self.js"
import { fromBase64, randomBytes, toBase64, utf8 } from "../bytes.js"
import { ServerClock } from "../clock.js"
import { generateAccountSecret } from "../crypto/account.js"
import type { DocumentContent } from "../crypto/document.js"
import { decodeHeader } from "../crypto/envelope.js"
import type { Attested } from "../crypto/gateway.js"
import { signingKeyFromSeed, type SigningKey } from "../crypto/signing.js"
import { encode } from "../crypto/structure.js"
import { Http } from "../http.js"
import { newAccount, newDevice } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { BlobDownload } from "./blobDownload.js"
import { Documents } from "./service.js"
import { anIdentity, aDelivery } from "./testing.js"
import { anId, TestGateway } from "./testGateway.js"

const ATTESTOR = signingKeyFromSeed(randomBytes(32))
const NOW_MS = 1_795_000_000_000
const DAY_MS = 86_400_000
const ME = newAccount()
const SECRET = await generateAccountSecret()
const ANY = { query: "", families: [], since: null }

let gateway: TestGateway
let shown: { certificate: Attested | null; revocation: Attested | null }
let controller: Attested | null
let isOnline: boolean
let traces: { path: string; body: unknown }[]
let nowMs: number
let locker: Locker
let store: Store
let keyring: Keyring
let documents: Documents
let arrived: DocumentCard[]

/** What the server answers: the gateway's certificate, sealed contents; it takes traces. */
function answer(url: string, init: RequestInit): Response {
  const { pathname } = new URL(url)
  const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status })
  const attested = (name: string, { data, signature }: Attested) => ({ [name]: toBase64(data), signature: toBase64(signature) })
  const missing = () => json({ error: { code: "not_found", retry_after_ms: 0 } }, 404)
  if (pathname.startsWith("/api/gateways/")) {
    if (shown.certificate === null || !pathname.endsWith(gateway.id)) return missing()
    const revocation = shown.revocation === null ? null : attested("revocation", shown.revocation)
    return json({ ...attested("certificate", shown.certificate), revocation })
  }
  if (pathname.startsWith("/api/blobs/")) {
    const blob = gateway.blobs.get(pathname.slice("/api/blobs/".length))
    return blob === undefined ? missing() : new Response(blob)
  }
  if (pathname === "/api/documents/audit-key") return json({ audit_key: controller === null ? null : attested("key", controller) })
  const { audit } = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as { audit: unknown }
  if (controller !== null && audit === null) return json({ error: { code: "audit_key_moved", retry_after_ms: 0 } }, 409)
  traces.push({ path: pathname, body: JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) })
  return json({})
}

async function open(secrets: Self["secrets"] = [{ generation: 1, secret: SECRET.bytes }], isDemo = false): Promise<void> {
  const self: Self = {
    account: ME,
    device: newDevice(),
    label: "Téléphone",
    attestors: [ATTESTOR.public],
    retentionDays: 30,
    isDemo,
    secrets,
    rotating: null,
    wrapKeys: [],
    session: { session: "s", idleEndsAtMs: Infinity, endsAtMs: Infinity },
    isOfferAnswered: true,
    enrolling: null,
  }
  const clock = new ServerClock(() => nowMs)
  keyring = new Keyring(store, self, signingKeyFromSeed(randomBytes(32)), clock, "https://lien.test")
  const fetch = (url: string, init: RequestInit) =>
    isOnline ? Promise.resolve(answer(url, init)) : Promise.reject(new TypeError("no network"))
  const http = new Http({ origin: "https://lien.test", fetch }, keyring)
  const owner = { onDocuments: () => undefined, onDocumentArrived: (card: DocumentCard) => void arrived.push(card) }
  documents = new Documents({ http, store, keyring, clock, source: new BlobDownload(http) }, owner)
  await documents.load()
}

async function content(said: Parameters<typeof aDelivery>[1] = {}, text = "<p>Bonjour</p>", document = anId()): Promise<DocumentContent> {
  const made = aDelivery(document, said).content
  if (made.body === null) return made
  return { ...made, body: { form: "html", mediaType: "text/html", blob: await gateway.blob(utf8(text)) } }
}

/** Everything the sync does with one entry. */
async function receive(said: DocumentContent, { key, atMs = NOW_MS, generation = 1 }: { key?: SigningKey; atMs?: number; generation?: number } = {}): Promise<void> {
  const to = { account: ME, generation, sealingPublic: SECRET.sealing.public }
  const entry = { ...(await gateway.seal(said, to, key)), atMs }
  const prepared = await documents.prepare(decodeHeader(entry.header), entry)
  if (prepared === null) return
  await store.write(prepared.writes)
  await documents.keep([prepared.delivery])
}

async function onlyDocument(): Promise<DocumentRef> {
  const { patients } = await documents.list(ANY)
  expect(patients).toHaveLength(1)
  return patients[0]!.last.document
}

beforeEach(async () => {
  gateway = new TestGateway()
  shown = { certificate: await gateway.certificate(ATTESTOR, NOW_MS - DAY_MS, NOW_MS + DAY_MS), revocation: null }
  ;[isOnline, traces, nowMs, arrived, controller] = [true, [], NOW_MS, [], null]
  locker = await Locker.find("documents", () => undefined)
  store = await locker.make(() => Promise.resolve([]))
  await open()
})

afterEach(async () => {
  isOnline = false
  await documents.traces.send()
  await locker.destroy()
  locker.close()
})

it("files what a certified gateway signed, says that it came, and shows what it says; offline too, once it was here", async () => {
  await receive(await content({ title: "Radiographie du thorax" }))
  expect(arrived.map(({ title, state }) => [title, state])).toEqual([["Radiographie du thorax", "new"]])
  expect(await documents.state()).toMatchObject({ unopened: 1, waiting: 0, refused: [] })
  const ref = await onlyDocument()
  expect(await documents.body(ref)).toMatchObject({ kind: "narrative", nodes: [{ tag: "p", children: [{ text: "Bonjour" }] }] })
  expect((await documents.document(ref)).state).toBe("opened")
  await vi.waitFor(() => expect(traces).toHaveLength(1))

  isOnline = false
  await open()
  expect(await onlyDocument()).toBe(ref)
  expect(await documents.body(ref)).toMatchObject({ kind: "narrative" })
  expect(await documents.state()).toMatchObject({ unopened: 0 })
})

it("traces what was opened, once it can, in words for the person alone", async () => {
  await receive(await content({ title: "Radiographie du thorax" }))
  const ref = await onlyDocument()
  await documents.body(ref)
  await vi.waitFor(() => expect(traces).toHaveLength(1))
  expect(traces[0]).toMatchObject({ path: expect.stringMatching(/^\/api\/documents\/[\w-]{22}\/traces$/) as string, body: { kind: "opened", generation: 1 } })
  expect(JSON.stringify(traces)).not.toMatch(/PAYET|Radiographie/)
  await documents.body(ref)
  expect(traces).toHaveLength(1) // the same reading

  isOnline = false
  nowMs += 3_600_000
  await documents.body(ref)
  await documents.save(ref, null)
  await documents.leave(ref)
  expect(traces).toHaveLength(1)
  isOnline = true
  await documents.traces.send()
  await documents.traces.send()
  expect(traces.map(({ body }) => (body as { kind: string }).kind)).toEqual(["opened", "opened", "saved"])
})

it("what was made ready and not taken is not said to be saved; what is taken is on the disk first", async () => {
  await receive(await content())
  const ref = await onlyDocument()
  expect((await documents.save(ref, null)).bytes.length).toBeGreaterThan(0)
  isOnline = false
  expect(await store.all("traces")).toEqual([])
  await documents.leave(ref)
  expect(await store.all("traces")).toMatchObject([{ kind: "saved", note: { patient: "PAYET FICTIF Jeanne 12/03/1951" } }])
})

it("keeps a trace until a secret is here to seal it by", async () => {
  await open([])
  const note = { title: "Radiographie", patient: "PAYET FICTIF Jeanne", detail: "" }
  await store.write([await documents.traces.write("opened", "d" as never, note)])
  await documents.traces.send()
  expect(traces).toEqual([])
  await keyring.change((self) => ({ ...self, secrets: [{ generation: 1, secret: SECRET.bytes }] }))
  await documents.traces.send()
  expect(traces).toMatchObject([{ body: { kind: "opened", generation: 1 } }])
})

it("seals a trace to the controller's key too, as soon as there is one", async () => {
  await receive(await content())
  await documents.body(await onlyDocument())
  await vi.waitFor(() => expect(traces).toMatchObject([{ body: { audit: null } }]))
  const key = SECRET.sealing.public
  const data = encode(key)
  controller = { data, signature: await ATTESTOR.sign("lien/v1/audit-key", data) }
  await documents.leave(await onlyDocument())
  await vi.waitFor(() => expect(traces).toHaveLength(2))
  expect(traces[1]).toMatchObject({ body: { kind: "saved", audit: { key: expect.stringMatching(/^[\w-]{22}$/) as string } } })
  const { note } = (traces[1]!.body as { audit: { note: string } }).audit
  const bound = encode(ME, keyring.self.device, traces[1]!.path.split("/")[3]!, "saved")
  await expect(SECRET.sealing.open(fromBase64(note)!, "lien/v1/trace-audit", bound)).resolves.toBeInstanceOf(Uint8Array)
})

it.each([
  ["unknown-sender", () => void (shown.certificate = null)],
  ["unknown-sender", async () => void (shown.certificate = await gateway.certificate(signingKeyFromSeed(randomBytes(32)), 0, NOW_MS + 1))],
  ["unknown-sender", async () => void (shown.certificate = await new TestGateway().certificate(ATTESTOR, 0, NOW_MS + 1))],
  ["expired-sender", async () => void (shown.certificate = await gateway.certificate(ATTESTOR, 0, NOW_MS - 1))],
  ["expired-sender", async () => void (shown.revocation = await gateway.revocation(ATTESTOR, NOW_MS))],
])("shows nothing of what nobody vouches for, and says so: %s", async (reason, change) => {
  await change()
  await receive(await content())
  expect((await documents.state()).refused).toEqual([{ atMs: NOW_MS, reason }])
  expect((await documents.list(ANY)).patients).toEqual([])
  expect(arrived).toEqual([])
})

it("shows nothing that another key signed", async () => {
  await receive(await content(), { key: signingKeyFromSeed(randomBytes(32)) })
  expect((await documents.state()).refused).toMatchObject([{ reason: "not-signed" }])
})

it("keeps what came before its gateway was revoked", async () => {
  shown.revocation = await gateway.revocation(ATTESTOR, NOW_MS + 1)
  await receive(await content())
  expect((await documents.state()).unopened).toBe(1)
})

it("refuses identities of nobody where people are real, and files them in a demonstration", async () => {
  const patient = anIdentity({ oid: "1.2.250.1.213.1.4.10", status: "test" })
  await receive(await content({ patient }))
  expect((await documents.state()).refused).toMatchObject([{ reason: "fictitious" }])
  await open(undefined, true)
  await receive(await content({ patient }))
  expect((await documents.list(ANY)).patients).toMatchObject([{ doubts: ["fictitious"], identity: { number: { kind: "test" } } }])
  // The gravest doubt comes first: a document has room for one.
  await receive(await content({ patient: { ...patient, birthDate: "1951-03-21" } }))
  const [{ last } = { last: null }] = (await documents.list(ANY)).patients
  expect((await documents.document(last!.document)).doubts).toEqual(["other-traits", "namesake", "fictitious"])
})

it("reads again later what cannot be checked now", async () => {
  isOnline = false
  await expect(receive(await content())).rejects.toMatchObject({ code: "offline" })
})

it("keeps what is sealed to a secret that is not here yet, and opens it when it comes", async () => {
  await open([])
  await receive(await content())
  expect(await documents.state()).toMatchObject({ unopened: 0, waiting: 1 })
  await open([])
  expect(await documents.state()).toMatchObject({ waiting: 1 })
  await keyring.change((self) => ({ ...self, secrets: [{ generation: 1, secret: SECRET.bytes }] }))
  await documents.openAgain()
  expect(await documents.state()).toMatchObject({ unopened: 1, waiting: 0 })
})

it("a replacement is shown in place of the old, which stays as history; read again from the log, all is the same", async () => {
  const first = await content({ set: anId(), version: 1 }, "<p>un</p>")
  const second = { ...(await content({ action: "replace", version: 2 }, "<p>deux</p>")), set: first.set, replaces: [first.document] }
  await receive(second)
  await receive(first)
  const view = await documents.document(await onlyDocument())
  expect(view).toMatchObject({ version: 2, state: "new", isReplacement: true, history: [{ version: 1, state: "replaced" }] })
  const old = view.history[0]!.document
  expect(await documents.document(old)).toMatchObject({ state: "replaced", newer: view.document })
  expect(await documents.body(old)).toMatchObject({ nodes: [{ children: [{ text: "un" }] }] })
  await documents.body(view.document)
  await receive(first)
  await receive(second)
  expect(await documents.document(view.document)).toMatchObject({ state: "opened", history: [{ version: 1 }] })
})

it("what was taken back is hidden, its content erased, and that is said", async () => {
  const first = await content()
  await receive(first)
  const ref = await onlyDocument()
  await documents.body(ref)
  const withdrawal: DocumentContent = { ...first, action: "withdraw", version: 0, body: null, attachments: [] }
  await receive(withdrawal, { atMs: NOW_MS + 1 })
  expect(await documents.document(ref)).toMatchObject({ state: "withdrawn", withdrawnAtMs: NOW_MS + 1, body: null })
  await expect(documents.body(ref)).rejects.toMatchObject({ code: "document_withdrawn" })
  await expect(documents.save(ref, null)).rejects.toMatchObject({ code: "document_withdrawn" })
  expect(await store.all("contents")).toEqual([])
  expect(arrived.map(({ state }) => state)).toEqual(["new", "withdrawn"])
})

it("shows no content that is not the one the gateway signed for", async () => {
  const said = await content()
  await receive({ ...said, body: { ...said.body!, blob: { ...said.body!.blob, hash: randomBytes(32) } } })
  await expect(documents.body(await onlyDocument())).rejects.toMatchObject({ code: "bad_blob" })
  expect(traces).toEqual([])
})

it("puts two folders together on the person's word, and apart again", async () => {
  await receive(await content())
  await receive(await content({ patient: anIdentity({ birthDate: "1951-03-21" }) }))
  const [one, other] = (await documents.list(ANY)).patients
  const before = await documents.patient(one!.patient)
  expect(before.doubts).toContain("other-traits")
  expect(before.candidates.map(({ patient }) => patient)).toEqual([other!.patient])
  await documents.join(one!.patient, other!.patient)
  const together = await documents.patient(other!.patient)
  expect(together).toMatchObject({ doubts: [], documents: [{}, {}], parts: [{ documents: 1 }, { documents: 1 }] })
  await open() // stored sealed
  expect((await documents.list(ANY)).patients).toHaveLength(1)
  await documents.separate(one!.patient)
  expect((await documents.list(ANY)).patients).toHaveLength(2)
})

it("finds by name, birth date, title and author, within a family and a period", async () => {
  await receive(await content({ title: "IRM cérébrale", date: "2026-11-20", family: "imaging" }))
  await receive(await content({ title: "Ionogramme", date: "2026-10-01", family: "biology" }))
  const found = async (asked: Partial<typeof ANY>) =>
    (await documents.list({ ...ANY, ...asked })).patients.map(({ last, found: cards }) => [last.title, cards.length])
  expect(await found({ query: "payet 1951" })).toHaveLength(1)
  expect(await found({ query: "irm" })).toEqual([["IRM cérébrale", 1]])
  expect(await found({ query: "marie ionog" })).toEqual([["Ionogramme", 1]])
  expect(await found({ families: ["biology"] as never })).toEqual([["Ionogramme", 1]])
  expect(await found({ since: "2026-11-01" as never })).toEqual([["IRM cérébrale", 1]])
  expect(await found({ query: "hoarau" })).toEqual([])
})

it("forgets with retention, content and all", async () => {
  await receive(await content())
  await documents.body(await onlyDocument())
  nowMs += 29 * DAY_MS
  await documents.forgetOld()
  expect((await documents.list(ANY)).patients).toHaveLength(1)
  nowMs += 2 * DAY_MS
  await documents.forgetOld()
  expect((await documents.list(ANY)).patients).toEqual([])
  expect([await store.all("documents"), await store.all("contents")]).toEqual([[], []])
})
