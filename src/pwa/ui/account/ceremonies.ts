/**
 * WebAuthn, which browsers offer to pages only. The PRF outputs pass through here to the engine and nowhere else:
 * transferred (so gone from the page), and never inside the credential's JSON, whose `clientExtensionResults` would
 * otherwise carry them to the server.
 */
import type { Engine } from "../../bridge/channel.js"
import type { PrfOutputs, PrfSalts, WebAuthnJson } from "../../bridge/commands.js"

/** Whether this browser can do it at all. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in PublicKeyCredential
}

function refuse(): never {
  throw new DOMException("", "NotSupportedError")
}

const evaluate = (salts: PrfSalts): AuthenticationExtensionsClientInputs => ({
  prf: { eval: { first: salts.first, second: salts.second } },
})

/** The two outputs as buffers that can be transferred. */
function outputsOf(credential: PublicKeyCredential): PrfOutputs {
  const results = credential.getClientExtensionResults().prf?.results
  if (results?.second === undefined) return null
  return { local: bufferOf(results.first), vault: bufferOf(results.second) }
}

function bufferOf(source: BufferSource): ArrayBuffer {
  if (source instanceof ArrayBuffer) return source
  const view = new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  const buffer = view.slice().buffer
  view.fill(0)
  return buffer
}

const transferred = (prf: PrfOutputs): ArrayBuffer[] => (prf === null ? [] : [prf.local, prf.vault])

function withoutExtensions(credential: PublicKeyCredential): WebAuthnJson {
  return { ...(credential.toJSON() as unknown as WebAuthnJson), clientExtensionResults: {} }
}

function asPublicKey(credential: Credential | null): PublicKeyCredential {
  return credential instanceof PublicKeyCredential ? credential : refuse()
}

/** Some authenticators evaluate only at `get`: one more gesture, whose signature is thrown away. */
async function evaluateAgain(credential: PublicKeyCredential, salts: PrfSalts): Promise<PrfOutputs> {
  const again = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      allowCredentials: [{ type: "public-key", id: credential.rawId }],
      userVerification: "required",
      extensions: evaluate(salts),
    },
  })
  return outputsOf(asPublicKey(again))
}

/** Turn on express login. Answers false when this device can sign in with it but not open the store. */
export async function createPasskey(engine: Engine, label: string): Promise<boolean> {
  if (!canUsePasskeys()) refuse()
  const { options, salts } = await engine.ask("passkeyCreateBegin", null)
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as unknown as PublicKeyCredentialCreationOptionsJSON)
  publicKey.extensions = { ...publicKey.extensions, ...evaluate(salts) }
  const credential = asPublicKey(await navigator.credentials.create({ publicKey }))
  let prf = outputsOf(credential)
  if (prf === null && credential.getClientExtensionResults().prf?.enabled === true) prf = await evaluateAgain(credential, salts)
  const request = { credential: withoutExtensions(credential), prf, label }
  const { expressLogin } = await engine.ask("passkeyCreateFinish", request, transferred(prf))
  return expressLogin
}

/** Unlock, or sign in on a new device. */
export async function answerWithPasskey(engine: Engine): Promise<void> {
  if (!canUsePasskeys()) refuse()
  const { options, salts } = await engine.ask("passkeyGetBegin", null)
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as unknown as PublicKeyCredentialRequestOptionsJSON)
  publicKey.extensions = { ...publicKey.extensions, ...evaluate(salts) }
  const credential = asPublicKey(await navigator.credentials.get({ publicKey }))
  const prf = outputsOf(credential)
  await engine.ask("passkeyGetFinish", { credential: withoutExtensions(credential), prf }, transferred(prf))
}
