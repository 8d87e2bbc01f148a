import { useEffect, useRef, useState } from "preact/hooks"
import type { AccountId, Discussion, DiscussionSummary, Message } from "../../bridge/models.js"
import { titleOf } from "../conversations/discussionModel.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import type { Arrival } from "../page.js"

/** How many sentences stay in the region: enough for a reader to catch up, never the whole history. */
const kept = 5

type Props = { readonly me: AccountId; readonly discussion: Discussion | null; readonly arrival: Arrival | null }
type Said = { readonly key: string; readonly text: string }

/**
 * Reads new messages out, politely, once. It is apart from the list on screen, so that older messages loaded into the
 * list are never read as if they had just come.
 */
export function AnnouncerView({ me, discussion, arrival }: Props) {
  const [said, setSaid] = useState<readonly Said[]>([])
  const say = (sentences: readonly Said[]) => setSaid((before) => [...before, ...sentences].slice(-kept))
  const heard = useRef<{ readonly channel: string; readonly newest: string | null }>({ channel: "", newest: null })

  useEffect(() => {
    if (discussion === null) return
    const { channel, messages } = discussion
    // What is read further down was not written just now.
    const newest = discussion.hasNewer ? "" : (messages.at(-1)?.envelope ?? null)
    const before = heard.current
    heard.current = { channel, newest }
    if (before.channel !== channel) return
    const from = messages.findIndex((message) => message.envelope === before.newest)
    if (discussion.hasNewer || (from < 0 && before.newest !== null)) return
    say(messages.slice(from + 1).flatMap((message) => sentenceOf(message, discussion)))
  }, [discussion])

  useEffect(() => {
    if (arrival === null) return
    const { discussion: summary, message } = arrival
    const { arrivedFrom, arrivedIn } = words().discussion
    const name = nameIn(summary, message.author)
    say([{ key: message.envelope, text: summary.isDirect ? arrivedFrom(name) : arrivedIn(name, titleOf(summary, me)) }])
  }, [arrival])

  return (
    <div class="visually-hidden" role="log" aria-live="polite">
      {said.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  )
}

function nameIn(summary: DiscussionSummary, author: AccountId): string {
  const person = summary.members.find(({ account }) => account === author)
  return person === undefined ? words().discussion.someone : fullName(person.professional)
}

function sentenceOf(message: Message, discussion: Discussion): readonly Said[] {
  if (message.mine || message.content.kind !== "text") return []
  return [{ key: message.envelope, text: words().discussion.said(nameIn(discussion, message.author), message.content.text) }]
}
