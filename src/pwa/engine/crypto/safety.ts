/** What two people compare to know that they talk to each other, docs/keys.md "Safety code". */
import type { AccountId } from "../../bridge/models.js"
import { fromBase64, sameBytes, toBase64, utf8, type Bytes } from "../bytes.js"
import { Malformed } from "./errors.js"
import { derive, hash32 } from "./suite.js"

const FINGERPRINT_BYTES = 30
const GROUP_BYTES = 5
const QR_PREFIX = "LIEN-V1"

/** One person as a phone knows them. The fingerprint stands for the whole chain. */
export type Side = { readonly account: AccountId; readonly fingerprint: Bytes }

export async function sideOf(account: AccountId, firstLink: Uint8Array): Promise<Side> {
  return { account, fingerprint: await derive(await hash32(firstLink), "lien/v1/safety", utf8(account), FINGERPRINT_BYTES) }
}

/** Twelve groups of five digits, the same on both sides. */
export function safetyCode(mine: Side, theirs: Side): readonly string[] {
  const halves = mine.account < theirs.account ? [mine, theirs] : [theirs, mine]
  return halves.flatMap(({ fingerprint }) => {
    const groups: string[] = []
    for (let at = 0; at < FINGERPRINT_BYTES; at += GROUP_BYTES) {
      const number = fingerprint.subarray(at, at + GROUP_BYTES).reduce((value, byte) => value * 256 + byte, 0)
      groups.push(String(number % 100_000).padStart(5, "0"))
    }
    return groups
  })
}

/** What one screen shows the other's camera: who shows it, and both as seen from there. */
export const safetyQr = (mine: Side, theirs: Side): string =>
  [QR_PREFIX, mine.account, toBase64(mine.fingerprint), toBase64(theirs.fingerprint)].join(":")

/** Whose code was scanned: `same` when both phones see both people alike. Throws Malformed for another kind of code. */
export function compareQr(text: string, mine: Side, theirs: Side): "same" | "someone-else" | "different" {
  const [prefix, account, shown, seen, ...rest] = text.split(":")
  const [theirOwn, meSeen] = [fromBase64(shown ?? ""), fromBase64(seen ?? "")]
  if (prefix !== QR_PREFIX || theirOwn === null || meSeen === null || rest.length > 0) throw new Malformed()
  if (account !== theirs.account) return "someone-else"
  return sameBytes(theirOwn, theirs.fingerprint) && sameBytes(meSeen, mine.fingerprint) ? "same" : "different"
}
