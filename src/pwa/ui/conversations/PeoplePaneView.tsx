/** The members of a discussion, wired to the engine. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import type { Page } from "../page.js"
import { goBack, goTo } from "../router.js"
import { titleOf } from "./discussionModel.js"
import { DiscussionGoneView, DiscussionLoadingView } from "./DiscussionStatesView.js"
import { PeopleView } from "./PeopleView.js"

export function PeoplePaneView({ page, me, channel }: { readonly page: Page; readonly me: AccountId; readonly channel: ChannelId }) {
  const { engine } = page
  if (page.discussions.value === null) return <DiscussionLoadingView onBack={goBack} />
  const summary = page.discussions.value.find((one) => one.channel === channel)
  if (summary === undefined) return <DiscussionGoneView onBack={goBack} />
  const watched = page.discussion.value
  return (
    <PeopleView
      title={titleOf(summary, me)}
      people={summary.members}
      admins={summary.isDirect ? [] : summary.admins}
      me={me}
      canChange={!summary.isDirect && watched?.channel === channel && watched.isAdmin}
      onBack={goBack}
      onCard={(account) => goTo({ kind: "person", channel, account })}
      onAdd={() => goTo({ kind: "add-people", channel })}
      onAdmin={async (member, isAdmin) => {
        await engine.ask("setAdmin", { channel, member, isAdmin })
      }}
      onRemove={async (member) => {
        await engine.ask("removeMember", { channel, member })
      }}
    />
  )
}
