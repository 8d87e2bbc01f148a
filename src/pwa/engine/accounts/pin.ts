/** The PIN at the server: its share in exchange for a proof, and a session by it. */
import { toBase64, type Bytes } from "../bytes.js"
import { proofKey, provePin } from "../crypto/pin.js"
import type { Http } from "../http.js"
import { bytesIn, numberIn, optional } from "../json.js"
import type { NewPin } from "../store/pinDoor.js"

/** What the server said to one try: the share and what a session is begun with, or how many are left and when. */
export type PinTry =
  | { readonly isRight: true; readonly share: Bytes; readonly nonce: Bytes }
  | { readonly isRight: false; readonly left: number; readonly waitMs: number }

export async function tryPin(http: Http, pin: string, mixed: Uint8Array): Promise<PinTry> {
  const nonce = bytesIn(await http.open("POST", "/api/pins/begin", {}), "nonce")
  const proof = toBase64(await provePin(await proofKey(mixed, pin), nonce, pin))
  const answer = await http.open("POST", "/api/pins/open", { nonce: toBase64(nonce), pin, proof })
  const share = optional(answer, "share", bytesIn)
  if (share !== null) return { isRight: true, share, nonce: bytesIn(answer, "nonce") }
  return { isRight: false, left: numberIn(answer, "left"), waitMs: numberIn(answer, "wait_ms") }
}

export async function putPin(http: Http, made: NewPin, replaces: string | null): Promise<void> {
  const body = { public: toBase64(made.public), share: toBase64(made.share), replaces }
  await http.signed("PUT", `/api/pins/${made.wrap.pin}`, body)
}

export async function deletePin(http: Http, pin: string): Promise<void> {
  await http.signed("DELETE", `/api/pins/${pin}`)
}
