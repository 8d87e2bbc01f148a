/** The list of discussions, wired to the engine. */
import { useState } from "preact/hooks"
import type { AccountId, DiscussionSummary } from "../../bridge/models.js"
import type { Page } from "../page.js"
import { channelOf, goTo, replaceWith, type Route } from "../router.js"
import { WakeOfferView } from "../settings/WakeOfferView.js"
import { DiscussionsView } from "./DiscussionsView.js"
import type { Filter } from "./discussionModel.js"
import { MessageSearchView } from "./MessageSearchView.js"

type Props = { readonly page: Page; readonly me: AccountId; readonly here: Route; readonly nowMs: number }

/** What cannot be done is seen in the list, which stays as it was. */
const ignore = () => undefined

export function DiscussionsPaneView({ page, me, here, nowMs }: Props) {
  const { engine } = page
  const [filter, setFilter] = useState<Filter>("all")
  const [query, setQuery] = useState("")
  const discussions = page.discussions.value
  const open = (next: Route) => {
    if (here.kind === "discussions") goTo(next)
    else replaceWith(next)
  }
  const read = ({ channel, unread }: DiscussionSummary) => {
    if (unread > 0) engine.ask("markRead", { channel, offset: Number.MAX_SAFE_INTEGER }).catch(ignore)
    engine.ask("setPreference", { channel, preference: { isUnread: false } }).catch(ignore)
  }
  return (
    <DiscussionsView
      discussions={discussions}
      me={me}
      selected={channelOf(here)}
      nowMs={nowMs}
      filter={filter}
      query={query}
      found={<MessageSearchView page={page} query={query} channel={null} me={me} nowMs={nowMs} />}
      offer={<WakeOfferView engine={engine} hasDiscussions={(discussions ?? []).length > 0} />}
      onFilter={setFilter}
      onQuery={setQuery}
      onOpen={(channel) => open({ kind: "discussion", channel })}
      onCompose={() => open({ kind: "compose" })}
      onRead={read}
      onPreference={(channel, preference) => void engine.ask("setPreference", { channel, preference }).catch(ignore)}
    />
  )
}
