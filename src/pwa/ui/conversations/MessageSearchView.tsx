/** What is found on this device by its words: people, patients and documents, messages. */
import { useEffect, useState } from "preact/hooks"
import type { PatientSummary } from "../../bridge/documents.js"
import type { SearchFilter, SearchHit, SearchPage } from "../../bridge/search.js"
import type { AccountId, ChannelId, DiscussionSummary } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { fullName, placedProfession } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { listTime } from "../i18n/times.js"
import type { Page } from "../page.js"
import { goTo } from "../router.js"
import { titleOf } from "./discussionModel.js"
import { excerptAround } from "./messageModel.js"
import { pointed } from "./pointed.js"
import { SearchFiltersView } from "./SearchFiltersView.js"
import { filterOf, isNarrowed, looksForDocuments, nothingNarrowed, peopleFound, shortestQuery } from "./searchModel.js"

const afterMs = 150
const againMs = 150
const mostPatients = 5

type Props = {
  readonly page: Page
  readonly query: string
  /** Null for all of them. */
  readonly channel: ChannelId | null
  readonly me: AccountId
  readonly nowMs: number
  readonly onOpened?: () => void
}

export function MessageSearchView({ page, query, channel, me, nowMs, onOpened }: Props) {
  const text = words().find
  const sought = query.trim()
  const [narrowing, setNarrowing] = useState(nothingNarrowed)
  const summaries = page.discussions.value ?? []
  const isAsked = sought.length >= shortestQuery || isNarrowed(narrowing)
  const filter = filterOf(channel === null ? narrowing : { ...narrowing, channel }, summaries)
  const found = useMessages(page, isAsked ? sought : null, filter)
  const patients = usePatients(page, isAsked && channel === null && looksForDocuments(narrowing) ? sought : null)
  if (!isAsked && channel === null) return null
  const people = channel !== null || isNarrowed(narrowing) ? [] : peopleFound(summaries, me, sought)
  const shared = { query: sought, me, nowMs, summaries }
  return (
    <>
      <SearchFiltersView narrowing={narrowing} summaries={channel === null ? summaries : summaries.filter((one) => one.channel === channel)} me={me} isWithin={channel !== null} onNarrow={(change) => setNarrowing({ ...narrowing, ...change })} />
      {people.length > 0 && (
        <section aria-label={text.people}>
          <h2 class="list-title">{text.people}</h2>
          <ul>
            {people.map(({ person, channel: shared }) => (
              <li key={person.account}>
                <button type="button" class="row" onClick={() => goTo({ kind: "person", channel: shared, account: person.account })}>
                  <AvatarView professional={person.professional} size="small" />
                  <span class="row-body">
                    <span class="row-title">{fullName(person.professional)}</span>
                    <span class="row-line">{placedProfession(person.professional)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {patients.length > 0 && <PatientsFoundView patients={patients} />}
      {found !== null && (
        <section aria-label={text.messages}>
          <h2 class="list-title">{text.messages}</h2>
          {!found.isComplete && <p class="source" role="status">{text.reading(found.read)}</p>}
          {found.isComplete && found.hits.length === 0 && <p class="source">{text.none}</p>}
          <ul>
            {found.hits.map((hit) => (
              <li key={`${hit.target.device} ${hit.target.envelope}`}>
                <HitView hit={hit} {...shared} isWithin={channel !== null} {...(onOpened === undefined ? {} : { onOpened })} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** Asked again until everything was read; null while nothing is asked. */
function useMessages(page: Page, sought: string | null, filter: SearchFilter): SearchPage | null {
  const [found, setFound] = useState<SearchPage | null>(null)
  useEffect(() => {
    if (sought === null) {
      setFound(null)
      return
    }
    let timer: ReturnType<typeof setTimeout>
    let isGone = false
    const ask = () => {
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
  }, [sought, JSON.stringify(filter)])
  return found
}

function usePatients(page: Page, sought: string | null): readonly PatientSummary[] {
  const [patients, setPatients] = useState<readonly PatientSummary[]>([])
  useEffect(() => {
    let isGone = false
    if (sought === null || sought === "") setPatients([])
    else
      page.engine.ask("listPatients", { query: sought, families: [], since: null }).then(
        (answer) => {
          if (!isGone) setPatients(answer.patients.slice(0, mostPatients))
        },
        () => undefined,
      )
    return () => {
      isGone = true
    }
  }, [sought])
  return patients
}

function PatientsFoundView({ patients }: { readonly patients: readonly PatientSummary[] }) {
  const text = words().find
  return (
    <section aria-label={text.documents}>
      <h2 class="list-title">{text.documents}</h2>
      <ul>
        {patients.flatMap(({ patient, identity, last, found }) => {
          const name = `${identity.birthName.toLocaleUpperCase("fr")} ${identity.firstGivenName}`
          if (found.length === 0) return [<RowView key={patient} title={name} line={last.title} onOpen={() => goTo({ kind: "patient", patient })} />]
          return found.map(({ document, title }) => <RowView key={document} title={title} line={name} onOpen={() => goTo({ kind: "document", document })} />)
        })}
      </ul>
    </section>
  )
}

function RowView({ title, line, onOpen }: { readonly title: string; readonly line: string; readonly onOpen: () => void }) {
  return (
    <li>
      <button type="button" class="row" onClick={onOpen}>
        <span class="row-body">
          <span class="row-title">{title}</span>
          <span class="row-line">{line}</span>
        </span>
      </button>
    </li>
  )
}

type HitProps = {
  readonly hit: SearchHit
  readonly summaries: readonly DiscussionSummary[]
  readonly me: AccountId
  readonly query: string
  readonly nowMs: number
  readonly isWithin: boolean
  readonly onOpened?: () => void
}

function HitView({ hit, summaries, me, query, nowMs, isWithin, onOpened }: HitProps) {
  const { discussion, find } = words()
  const summary = summaries.find(({ channel }) => channel === hit.channel)
  const author = summary?.members.find(({ account }) => account === hit.author)
  const name = hit.author === me ? discussion.you : author === undefined ? discussion.someone : fullName(author.professional)
  const said = hit.text === "" ? find.kinds[hit.kind] : excerptAround(hit.text, query)
  const open = () => {
    onOpened?.()
    pointed.value = { channel: hit.channel, target: hit.target }
    if (!isWithin) goTo({ kind: "discussion", channel: hit.channel })
  }
  return (
    <button type="button" class="row" onClick={open}>
      <span class="row-body">
        <span class="row-top">
          <span class="row-title">{summary === undefined || isWithin ? name : titleOf(summary, me)}</span>
          <time class="row-time time">{listTime(hit.atMs, nowMs)}</time>
        </span>
        <span class="row-line clamp-2">{isWithin ? said : discussion.said(name, said)}</span>
      </span>
    </button>
  )
}
