/** What still waits in a conversation: urgent messages that nobody took charge of, answers that are expected. */
import type { AccountId, Intent, Target } from "../../bridge/models.js"

export type Ask = Target & { readonly author: AccountId; readonly offset: number; readonly intent: Exclude<Intent, { readonly kind: "info" }> }

/** Older ones are still in the discussion; the list only feeds the band and the filter. */
const MOST_ASKS = 50

const isSame = (one: Target, other: Target): boolean => one.device === other.device && one.envelope === other.envelope

export function withAsk(asks: readonly Ask[], ask: Ask): readonly Ask[] {
  return [...withoutAsk(asks, ask), ask].toSorted((one, other) => one.offset - other.offset).slice(-MOST_ASKS)
}

export function withoutAsk(asks: readonly Ask[], target: Target): readonly Ask[] {
  return asks.some((ask) => isSame(ask, target)) ? asks.filter((ask) => !isSame(ask, target)) : asks
}

/** Somebody else answered it. What is urgent waits for more: for someone to take charge. */
export function answered(asks: readonly Ask[], target: Target | null, by: AccountId): readonly Ask[] {
  const ask = target === null ? undefined : asks.find((one) => isSame(one, target))
  return ask !== undefined && ask.intent.kind === "answer" && ask.author !== by ? withoutAsk(asks, ask) : asks
}

/** What the list of discussions says: what is urgent for anyone, an answer for those who did not ask. */
export function waitingIn(asks: readonly Ask[], me: AccountId): "urgent" | "answer" | null {
  if (asks.some(({ intent }) => intent.kind === "urgent")) return "urgent"
  return asks.some(({ intent, author }) => intent.kind === "answer" && author !== me) ? "answer" : null
}
