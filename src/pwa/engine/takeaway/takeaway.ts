/** What a person takes away: all they can read on this device, and what the server holds about the account. */
import type { Json } from "../json.js"
import type { Conversations } from "../conversations/service.js"
import { wordsOf } from "../conversations/contents.js"
import type { StoredMessage } from "../conversations/message.js"
import type { Http } from "../http.js"
import { isInbox } from "../ids.js"
import { listIn, numberIn } from "../json.js"
import type { Store } from "../store/store.js"

const PAGE = 500

/** As JSON text. Refuses with `fresh_sign_in_needed` unless the person has just signed in: the server writes it down. */
export async function takeAway(http: Http, store: Store, conversations: Conversations): Promise<string> {
  await http.signed("POST", "/api/account/release", { what: "data" })
  const [account, devices, passkeys, channels, visibility] = await Promise.all(
    ["/api/session", "/api/devices", "/api/passkeys", "/api/conversations", "/api/directory/visibility"].map((path) => http.signed("GET", path)),
  )
  const server = { account, devices, passkeys, channels, visibility, activity: await activity(http) }
  const discussions: Json[] = []
  for (const summary of conversations.summaries()) {
    if (isInbox(summary.channel)) continue
    const names = new Map(summary.members.map(({ account: member, professional }) => [member, `${professional.givenName} ${professional.familyName}`]))
    discussions.push({
      name: summary.name,
      members: [...names.values()],
      messages: (await messages(store, summary.channel)).map((stored) => ({
        at: new Date(stored.sentAtMs).toISOString(),
        author: names.get(stored.author) ?? stored.author,
        kind: stored.content.kind,
        text: wordsOf(stored.content),
      })),
    })
  }
  return JSON.stringify({ made_at: new Date().toISOString(), discussions, server }, null, 2)
}

async function activity(http: Http): Promise<readonly unknown[]> {
  const events: unknown[] = []
  for (let before = 0; ; ) {
    const page = await http.signed("GET", before === 0 ? "/api/audit" : `/api/audit?before=${before}`)
    events.push(...listIn(page, "events"))
    before = numberIn(page, "before")
    if (before === 0) return events
  }
}

async function messages(store: Store, channel: StoredMessage["channel"]): Promise<readonly StoredMessage[]> {
  let found: readonly StoredMessage[] = []
  for (let below = Infinity; ; ) {
    const page = await store.messagesBelow<StoredMessage>(channel, below, PAGE)
    found = [...page, ...found]
    const [first] = page
    if (first === undefined || page.length < PAGE) return found
    below = first.place
  }
}
