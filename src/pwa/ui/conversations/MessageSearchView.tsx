/** Messages found by their words, under the discussions that match. */
import type { SearchHit, SearchPage } from "../../bridge/search.js"
import { useEffect, useState } from "preact/hooks"
import type { AccountId, ChannelId, DiscussionSummary } from "../../bridge/models.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { listTime } from "../i18n/times.js"
import type { Page } from "../page.js"
import { goTo } from "../router.js"
import { titleOf } from "./discussionModel.js"
import { excerptAround } from "./messageModel.js"
import { pointed } from "./pointed.js"

const shortestQuery = 2
const afterMs = 150
const againMs = 150

type Props = { readonly page: Page; readonly query: string; readonly channels: readonly ChannelId[] | null; readonly me: AccountId; readonly nowMs: number }

export function MessageSearchView({ page, query, channels, me, nowMs }: Props) {
  const text = words().find
  const sought = query.trim()
  const [found, setFound] = useState<SearchPage | null>(null)
  useEffect(() => {
    if (sought.length < shortestQuery) {
      setFound(null)
      return
    }
    let timer: ReturnType<typeof setTimeout>
    let isGone = false
    const ask = () => {
      const filter = { channels, author: null, kind: null, fromMs: null, toMs: null }
      page.engine.ask("searchMessages", { query: sought, filter }).then(
        (answer) => {
          if (isGone) return
          setFound(answer)
          if (!answer.isComplete) timer = setTimeout(ask, againMs)
        },
        () => undefined,
      )
    }
    timer = setTimeout(ask, afterMs)
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [sought, channels])
  if (found === null) return null
  const summaries = page.discussions.value ?? []
  return (
    <section aria-label={text.messages}>
      <h2 class="list-title">{text.messages}</h2>
      {!found.isComplete && <p class="source" role="status">{text.reading(found.read)}</p>}
      {found.isComplete && found.hits.length === 0 && <p class="source">{text.none}</p>}
      <ul>
        {found.hits.map((hit) => (
          <li key={`${hit.target.device} ${hit.target.envelope}`}>
            <HitView hit={hit} summary={summaries.find(({ channel }) => channel === hit.channel) ?? null} me={me} query={sought} nowMs={nowMs} />
          </li>
        ))}
      </ul>
    </section>
  )
}

type HitProps = { readonly hit: SearchHit; readonly summary: DiscussionSummary | null; readonly me: AccountId; readonly query: string; readonly nowMs: number }

function HitView({ hit, summary, me, query, nowMs }: HitProps) {
  const { discussion } = words()
  const author = summary?.members.find(({ account }) => account === hit.author)
  const name = hit.author === me ? discussion.you : author === undefined ? discussion.someone : fullName(author.professional)
  const open = () => {
    pointed.value = { channel: hit.channel, target: hit.target }
    goTo({ kind: "discussion", channel: hit.channel })
  }
  return (
    <button type="button" class="row" onClick={open}>
      <span class="row-body">
        <span class="row-top">
          <span class="row-title">{summary === null ? name : titleOf(summary, me)}</span>
          <time class="row-time time">{listTime(hit.atMs, nowMs)}</time>
        </span>
        <span class="row-line clamp-2">{discussion.said(name, excerptAround(hit.text, query))}</span>
      </span>
    </button>
  )
}
