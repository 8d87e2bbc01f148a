/** Why the engine refuses, with a code that the page can explain. */
import type { FailureCode } from "../bridge/commands.js"

/** The text is the code and nothing else: error texts reach consoles. */
export class Refusal extends Error {
  constructor(
    readonly code: FailureCode,
    readonly retryAfterMs = 0,
  ) {
    super(code)
  }
}

/** Total: anything that is not a refusal is a bug and is told as `unexpected`. */
export function codeOf(error: unknown): FailureCode {
  if (error instanceof Refusal) return error.code
  if (error instanceof DOMException) return STORAGE_ERRORS.has(error.name) ? "storage_failed" : "unexpected"
  return "unexpected"
}

const STORAGE_ERRORS: ReadonlySet<string> = new Set([
  "QuotaExceededError",
  "InvalidStateError",
  "UnknownError",
  "VersionError",
  "TransactionInactiveError",
])

/** Codes after which the same request may be sent again, unchanged. */
export function isPassing(code: FailureCode): boolean {
  return PASSING.has(code)
}

const PASSING: ReadonlySet<string> = new Set([
  "offline",
  "overloaded",
  "too_many",
  "too_many_sends",
  "store_unavailable",
  "provider_unreachable",
  "not_signed_in",
  "replayed",
  "internal",
])
