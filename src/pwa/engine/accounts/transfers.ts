/** A new device from an old one: both ends of it. The server passes two letters that it cannot read. */
import type { DeviceId } from "../../bridge/models.js"
import { randomBytes, sameBytes, toBase64, type Bytes } from "../bytes.js"
import { openAccountSecret } from "../crypto/account.js"
import { byDevice, makeLink } from "../crypto/chain.js"
import { sealingKeyFromSeed, type SealingKey } from "../crypto/sealing.js"
import { decodeHello, encodeHello, formatTransferCode, openTransfer, parseTransferCode, sealTransfer, transferCode, transferId, transferQr, type Handed, type Hello } from "../crypto/transfer.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { newDevice } from "../ids.js"
import { bytesIn, optional } from "../json.js"
import type { Contacts } from "./contacts.js"
import { newSeed, openSeed } from "./deviceKey.js"
import type { Keyring } from "./keyring.js"
import { linkToJson } from "./links.js"
import type { ServerClock } from "../clock.js"

/** The new device's end, from its hello to the answer. */
export class Arrival {
  private constructor(
    private readonly http: Http,
    private readonly sealing: SealingKey,
    private readonly hello: Bytes,
    readonly transfer: string,
    readonly nonce: Bytes,
    readonly code: string,
    readonly qr: string,
    readonly device: DeviceId,
    readonly seed: Bytes,
  ) {}

  static async begin(http: Http, label: string): Promise<Arrival> {
    const [seed, device] = [newSeed(), newDevice()]
    const sealing = await sealingKeyFromSeed(randomBytes(32))
    const devicePublic = (await openSeed(seed)).public
    const hello = encodeHello({ device, devicePublic, sealingPublic: sealing.public, label })
    const code = await transferCode(hello)
    const transfer = await transferId(code)
    const nonce = bytesIn(await http.open("PUT", `/api/transfers/${transfer}`, { hello: toBase64(hello) }), "nonce")
    return new Arrival(http, sealing, hello, transfer, nonce, formatTransferCode(code), transferQr(code), device, seed)
  }

  /** What the old device handed over, null while it has not. Refuses with `not_found` when the time is over. */
  async poll(): Promise<Handed | null> {
    const sealed = optional(await this.http.open("GET", `/api/transfers/${this.transfer}`), "sealed", bytesIn)
    return sealed === null ? null : openTransfer(this.sealing, this.hello, sealed)
  }
}

/** The old device's end: whose hello this code is of. Refuses with `bad_transfer_code` when there is none. */
export async function findHello(http: Http, text: string): Promise<{ readonly hello: Bytes; readonly said: Hello; readonly transfer: string }> {
  const code = readCode(text)
  const transfer = await transferId(code)
  const hello = bytesIn(
    await http.signed("GET", `/api/transfers/${transfer}/hello`).catch((error: unknown) => {
      throw error instanceof Refusal && error.code === "not_found" ? new Refusal("bad_transfer_code") : error
    }),
    "hello",
  )
  // The server might put another device's in its place.
  if (!sameBytes(await transferCode(hello), code)) throw new Refusal("bad_transfer_code")
  return { hello, said: decodeHello(hello), transfer }
}

function readCode(text: string): Bytes {
  try {
    return parseTransferCode(text)
  } catch {
    throw new Refusal("bad_transfer_code")
  }
}

export type Ports = { readonly http: Http; readonly keyring: Keyring; readonly contacts: Contacts; readonly clock: ServerClock }

/** Add the device of this code to the chain, and hand it the account's secret. */
export async function letIn({ http, keyring, contacts, clock }: Ports, text: string): Promise<void> {
  const { hello, said, transfer } = await findHello(http, text)
  const { account, device } = keyring.self
  const state = await contacts.refresh(account)
  const newest = await keyring.obtain(state.generation)
  if (newest === null) throw new Refusal("no_vault")
  if (!state.devices.has(said.device)) {
    const body = { kind: "add_device" as const, device: said.device, devicePublic: said.devicePublic }
    const link = await makeLink(state, body, byDevice(device, keyring.deviceKey), clock.now())
    await http.signed("POST", "/api/chain", { links: [linkToJson(link)], earlier: [], vault: [] })
    await http.signed("PUT", `/api/devices/${said.device}`, { label: said.label })
  }
  const sealed = await sealTransfer(hello, { account, generation: state.generation, secret: newest.bytes })
  await http.signed("POST", `/api/transfers/${transfer}/answer`, { device: said.device, sealed: toBase64(sealed) })
  await contacts.refresh(account)
}

/** Whether a secret that was handed over is the account's: the chain says which signing key it gives. */
export async function isOfChain(handed: Handed, contacts: Contacts, device: DeviceId): Promise<boolean> {
  const state = await contacts.refresh(handed.account)
  const { signing } = await openAccountSecret(handed.secret)
  const expected = state.signingPublics.get(handed.generation)
  return state.devices.has(device) && expected !== undefined && sameBytes(expected, signing.public)
}

