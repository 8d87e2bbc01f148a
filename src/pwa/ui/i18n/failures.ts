/** From a stable code to the sentence that says what happened and what to do. */
import { EngineFailure } from "../../bridge/channel.js"
import { words } from "./language.js"

export function explainCode(code: string): string {
  const known: Readonly<Record<string, string>> = words().errors
  return Object.hasOwn(known, code) ? (known[code] ?? words().errors.unexpected) : words().errors.unexpected
}

/** Whatever was thrown, as a code of `words().errors`. */
export function codeOf(error: unknown): string {
  if (error instanceof EngineFailure) return error.code
  if (!(error instanceof DOMException)) return "unexpected"
  switch (error.name) {
    case "NotAllowedError":
    case "AbortError":
    case "TimeoutError":
      return "passkey_cancelled"
    case "InvalidStateError":
      return "passkey_known"
    case "NotSupportedError":
    case "SecurityError":
    case "ConstraintError":
      return "passkey_unsupported"
    default:
      return "unexpected"
  }
}
