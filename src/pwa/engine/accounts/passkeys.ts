/** Passkeys of the own account at the server. */
import type { WebAuthnJson } from "../../bridge/commands.js"
import type { PasskeyId, PasskeyInfo } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { asObject, listIn, numberIn, textIn } from "../json.js"
import { withoutExtensions } from "./session.js"

export async function beginPasskey(http: Http): Promise<WebAuthnJson> {
  const answer = await http.signed("POST", "/api/passkeys/begin", {})
  return asObject(answer["options"])
}

export async function addPasskey(http: Http, credential: WebAuthnJson, label: string): Promise<PasskeyId> {
  const body = { credential: withoutExtensions(credential), label }
  return textIn(await http.signed("POST", "/api/passkeys", body), "passkey") as PasskeyId
}

export async function listPasskeys(http: Http): Promise<readonly PasskeyInfo[]> {
  const json = await http.signed("GET", "/api/passkeys")
  return listIn(json, "passkeys").map((item) => {
    const passkey = asObject(item)
    return {
      passkey: textIn(passkey, "passkey") as PasskeyId,
      label: textIn(passkey, "label"),
      createdAtMs: numberIn(passkey, "created_at_ms"),
      usedAtMs: numberIn(passkey, "used_at_ms"),
    }
  })
}

export async function deletePasskey(http: Http, passkey: PasskeyId): Promise<void> {
  await http.signed("DELETE", `/api/passkeys/${passkey}`)
}

/** The id of a passkey is the credential's id. */
export function passkeyOf(credential: WebAuthnJson): PasskeyId {
  return textIn(credential, "id") as PasskeyId
}
