/** A message whose media are still being uploaded, as the page sees it. */
import type { AccountId, DeviceId, Message } from "../../bridge/models.js"
import type { Departure } from "../media/departures.js"
import { NO_CONTEXT } from "./contents.js"
import { documentMessage } from "./documentMessage.js"
import { mediaShown } from "./mediaShown.js"
import { quoteOf, type Quoting } from "./message.js"

/** A departure, and how much of it is on the server. */
export type Departing = { readonly departure: Departure; readonly progress: number }

export function departingShown({ departure, progress }: Departing, me: AccountId, device: DeviceId, quoting: Quoting): Message {
  const { envelope, said, writtenAtMs, failure } = departure
  const { replyTo, mentions, intent, isForwarded } = said.type === "media" ? said : NO_CONTEXT
  return {
    envelope,
    device,
    offset: null,
    author: me,
    mine: true,
    sentAtMs: writtenAtMs,
    content: said.type === "media" ? mediaShown(said, progress) : documentMessage(said, progress),
    reply: quoteOf(replyTo, quoting),
    mentions,
    intent,
    isForwarded,
    editedAtMs: null,
    reactions: [],
    taken: [],
    changeableUntilMs: 0,
    delivery: failure === null ? "waiting" : "failed",
    reach: null,
    failure,
  }
}
