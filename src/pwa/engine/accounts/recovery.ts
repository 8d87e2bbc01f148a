/** The recovery code of the own account: made here, or typed here to open the account on a new device. */
import type { AccountId, RecoveryState } from "../../bridge/models.js"
import { toBase64 } from "../bytes.js"
import type { Link } from "../crypto/chain.js"
import { formatRecoveryCode, newRecoveryCode, parseRecoveryCode } from "../crypto/recovery.js"
import { codeOf, Refusal } from "../failure.js"
import type { Http } from "../http.js"
import type { Keyring } from "./keyring.js"
import { linksIn } from "./links.js"
import { newestSecret, withWrapKey, type Secret } from "./self.js"
import { unwrapEntry, vaultEntriesIn, wrapFor, wrapKeyFrom } from "./vault.js"

export const RECOVERY = "recovery"

/** Whether there is a code, and whether it still opens the account. */
export async function recoveryState(http: Http, keyring: Keyring): Promise<RecoveryState> {
  const entries = vaultEntriesIn(await http.signed("GET", "/api/vault"), "vault")
  const entry = entries.find(({ wrapper }) => wrapper === RECOVERY)
  if (entry === undefined) return "none"
  return entry.generation === newestSecret(keyring.self)?.generation ? "current" : "outdated"
}

/** A new code in place of any before. It is shown only once the server has what it opens. */
export async function makeRecoveryCode(http: Http, keyring: Keyring): Promise<string> {
  const newest = newestSecret(keyring.self)
  if (newest === null) throw new Refusal("no_vault")
  const code = newRecoveryCode()
  const key = await wrapKeyFrom(code, RECOVERY)
  const { generation, wrapped } = wrapFor({ wrapper: RECOVERY, key }, keyring.account, newest)
  await http.signed("PUT", `/api/vault/${RECOVERY}`, { generation, wrapped: toBase64(wrapped) })
  await keyring.change((self) => withWrapKey(self, { wrapper: RECOVERY, key, generation }))
  const text = await formatRecoveryCode(code)
  code.fill(0)
  return text
}

/**
 * What a typed code opens, after the provider has answered. Refuses with `bad_recovery_code` for a slip of the pen or
 * another code, `no_recovery_code` when none was made.
 */
export async function openByRecoveryCode(
  http: Http,
  account: AccountId,
  text: string,
): Promise<{ readonly secret: Secret; readonly links: readonly Link[] }> {
  const code = await parseRecoveryCode(text).catch(() => {
    throw new Refusal("bad_recovery_code")
  })
  const json = await http.open("POST", "/api/enrolment/recovery", {}).catch((error: unknown) => {
    throw codeOf(error) === "not_found" ? new Refusal("no_recovery_code") : error
  })
  const entry = vaultEntriesIn(json, "vault").find(({ wrapper }) => wrapper === RECOVERY)
  if (entry === undefined) throw new Refusal("no_recovery_code")
  const key = await wrapKeyFrom(code, RECOVERY)
  code.fill(0)
  try {
    return { secret: unwrapEntry(key, account, entry), links: linksIn(json, "links") }
  } catch {
    throw new Refusal("bad_recovery_code")
  } finally {
    key.fill(0)
  }
}
