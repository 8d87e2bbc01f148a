/**
 * What the person does with documents is written down at the server: by their ids there, in words only for the person.
 * A trace waits on this device until the server has it: what is read offline is traced too.
 */
import type { DocumentId, DocumentTrace } from "../../bridge/documents.js"
import { listDevices } from "../accounts/devices.js"
import type { Keyring } from "../accounts/keyring.js"
import { toBase64 } from "../bytes.js"
import { MAX_NOTE_CHARACTERS, openNote, sealAuditNote, sealNote, type Note } from "../crypto/trace.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { asObject, bytesIn, listIn, numberIn, textIn, type Json } from "../json.js"
import { reportBug } from "../report.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"
import { AuditKeys } from "./auditKeys.js"

export type TraceKind = DocumentTrace["kind"]
type Waiting = {
  readonly name: string
  /** When it was done by this device's clock, then which it was of this run: the store keeps no order. */
  readonly order: readonly [atMs: number, count: number]
  readonly kind: TraceKind
  readonly document: DocumentId
  readonly note: Note
}

const inOrder = (one: Waiting, other: Waiting): number => one.order[0] - other.order[0] || one.order[1] - other.order[1]

export type TracePage = { readonly traces: readonly DocumentTrace[]; readonly before: number | null; readonly isAudited: boolean }

const KEY_MOVED = "audit_key_moved"

/** One trace as another device reads it; `folders` are the names of the two that were put together or apart. */
export type Heard = { readonly number: number; readonly atMs: number; readonly kind: TraceKind; readonly document: DocumentId; readonly folders: readonly string[] }

export class Traces {
  private readonly turns = new Turns()
  private readonly auditKeys: AuditKeys
  private written = 0

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly keyring: Keyring,
  ) {
    this.auditKeys = new AuditKeys(http, () => keyring.self.attestors)
  }

  /** To be stored together with what is traced; `send` follows. */
  async write(kind: TraceKind, document: DocumentId, note: Note): Promise<Write> {
    const name = `trace:${crypto.randomUUID()}`
    this.written += 1
    const order: Waiting["order"] = [Date.now(), this.written]
    const kept: Waiting = { name, order, kind, document, note: { title: cut(note.title), patient: cut(note.patient), detail: cut(note.detail) } }
    return this.store.put("traces", name, kept)
  }

  /** Send what waits; what cannot be sent now waits on. */
  send(): Promise<void> {
    return this.turns.run("send", async () => {
      const all = await this.store.all<Waiting>("traces")
      for (const waiting of all.toSorted(inOrder)) {
        try {
          await this.post(waiting)
        } catch (error) {
          const code = codeOf(error)
          if (isPassing(code) || code === KEY_MOVED) return
          // It will never be taken: what comes after it must not wait for ever.
          reportBug("a trace was refused", error)
        }
        await this.store.write([await this.store.remove("traces", waiting.name)])
      }
    })
  }

  /** The controller's key may be another one since it was asked for: once more, by the new one. */
  private async post(waiting: Waiting): Promise<void> {
    try {
      await this.postAs(waiting)
    } catch (error) {
      if (codeOf(error) !== KEY_MOVED) throw error
      this.auditKeys.forget()
      await this.postAs(waiting)
    }
  }

  private async postAs({ kind, document, note }: Waiting): Promise<void> {
    const newest = await this.keyring.newest()
    // Nobody could read it back: it waits for the secret, as for the network.
    if (newest === null) throw new Refusal("offline")
    const { generation, secret } = newest
    const traced = { account: this.keyring.account, generation, document, kind }
    const sealed = await sealNote(note, secret.sealing.public, traced)
    const controller = await this.auditKeys.get()
    const audit =
      controller === null
        ? null
        : { key: controller.key, note: toBase64(await sealAuditNote(note, controller, traced, this.keyring.self.device)) }
    await this.http.signed("POST", `/api/documents/${document}/traces`, { kind, generation, note: toBase64(sealed), audit })
  }

  /** The own traces, newest first, in the words that were sealed for the person. */
  async list(before: number | null): Promise<TracePage> {
    const path = before === null ? "/api/documents/traces" : `/api/documents/traces?before=${before}`
    const [json, devices] = await Promise.all([
      this.http.signed("GET", path),
      listDevices(this.http, this.keyring.self.device),
    ])
    const labels = new Map<string, string>(devices.map(({ device, label }) => [device, label]))
    const traces = await Promise.all(listIn(json, "traces").map((item) => this.open(asObject(item), labels)))
    return { traces, before: numberIn(json, "before") || null, isAudited: (await this.auditKeys.get()) !== null }
  }

  /** Those above a number that were written since an instant, newest first. */
  async heardSince(after: number, sinceMs: number): Promise<readonly Heard[]> {
    const heard: Heard[] = []
    for (let before = 0; ; ) {
      const json = await this.http.signed("GET", before === 0 ? "/api/documents/traces" : `/api/documents/traces?before=${before}`)
      for (const item of listIn(json, "traces").map(asObject)) {
        const [number, atMs] = [numberIn(item, "number"), numberIn(item, "at_ms")]
        if (number <= after || atMs < sinceMs) return heard
        const kind = textIn(item, "kind") as TraceKind
        const folders = isAboutFolders(kind) ? (await this.noteIn(item)).title.split(" ") : []
        heard.push({ number, atMs, kind, document: textIn(item, "document") as DocumentId, folders })
      }
      before = numberIn(json, "before")
      if (before === 0) return heard
    }
  }

  private async open(json: Json, labels: ReadonlyMap<string, string>): Promise<DocumentTrace> {
    const kind = textIn(json, "kind") as TraceKind
    const note = await this.noteIn(json)
    return { number: numberIn(json, "number"), atMs: numberIn(json, "at_ms"), kind, ...note, ...(isAboutFolders(kind) ? { title: "" } : {}), device: labels.get(textIn(json, "device")) ?? null }
  }

  /** A note that does not open is no reason to hide that something was done. */
  private async noteIn(json: Json): Promise<Note> {
    const [kind, document, generation] = [textIn(json, "kind"), textIn(json, "document") as DocumentId, numberIn(json, "generation")]
    const secret = await this.keyring.secret(generation)
    const nothing: Note = { title: "", patient: "", detail: "" }
    const traced = { account: this.keyring.account, generation, document, kind }
    return secret === null ? nothing : openNote(bytesIn(json, "note"), secret.sealing, traced).catch(() => nothing)
  }
}

/** Their title is two folders, for programs. */
const isAboutFolders = (kind: TraceKind): boolean => kind === "joined" || kind === "separated"

const cut = (text: string): string => Array.from(text).slice(0, MAX_NOTE_CHARACTERS).join("")
