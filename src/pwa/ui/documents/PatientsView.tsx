import type { DocumentCard, DocumentsState, PatientId, PatientSummary } from "../../bridge/documents.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SearchView } from "../components/SearchView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { listTime, spokenTime } from "../i18n/times.js"
import { CardView } from "./CardView.js"
import { allShelves, familyName, IDENTITY_DOUBTS, NAMESAKE_DOUBTS, titleOf, type Shelf } from "./documentModel.js"
import { IdentityLineView } from "./IdentityView.js"
import "./documents.css"

export type Period = "all" | "week" | "month" | "year"
const periods: readonly Period[] = ["all", "week", "month", "year"]

type Props = {
  /** Null while the engine has not said them yet. */
  readonly patients: readonly PatientSummary[] | null
  readonly more: number
  readonly state: DocumentsState | null
  readonly failure: string | null
  readonly query: string
  readonly shelf: Shelf | null
  readonly period: Period
  readonly selected: PatientId | null
  readonly nowMs: number
  readonly onQuery: (query: string) => void
  readonly onShelf: (shelf: Shelf | null) => void
  readonly onPeriod: (period: Period) => void
  readonly onOpen: (patient: PatientId) => void
  readonly onDocument: (card: DocumentCard) => void
}

/** The patients of whom something came, the newest first; search in all of it. */
export function PatientsView(props: Props) {
  const { patients, query, shelf, period, failure, onQuery } = props
  const text = words().patients
  const isNarrowed = query !== "" || shelf !== null || period !== "all"
  const isEmpty = patients?.length === 0 && !isNarrowed
  return (
    <>
      <HeaderView title={text.title} />
      {!isEmpty && (
        <div class="list-tools">
          <SearchView label={text.search} placeholder={text.search} value={query} onInput={onQuery} />
          <NarrowView {...props} />
        </div>
      )}
      <div class="scroll">
        <NoticesView {...props} />
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {patients === null && failure === null && <SkeletonRowsView label={text.loading} />}
        {isEmpty && <EmptyView icon="patients" title={text.emptyTitle} text={text.emptyExplain} />}
        {patients?.length === 0 && isNarrowed && <EmptyView icon="search" text={text.noMatch} />}
        {patients !== null && patients.length > 0 && <RowsView {...props} patients={patients} />}
      </div>
    </>
  )
}

function NarrowView({ shelf, period, onShelf, onPeriod }: Props) {
  const text = words()
  return (
    <div class="narrow">
      <select
        class="input select"
        aria-label={text.patients.family}
        value={shelf ?? ""}
        onChange={(event) => onShelf(allShelves.find((one) => one === event.currentTarget.value) ?? null)}
      >
        <option value="">{text.patients.allFamilies}</option>
        {allShelves.map((one) => (
          <option key={one} value={one}>
            {text.shelves[one]}
          </option>
        ))}
      </select>
      <select
        class="input select"
        aria-label={text.patients.period}
        value={period}
        onChange={(event) => onPeriod(periods.find((one) => one === event.currentTarget.value) ?? "all")}
      >
        {periods.map((one) => (
          <option key={one} value={one}>
            {text.patients.periods[one]}
          </option>
        ))}
      </select>
    </div>
  )
}

/** What came and cannot be shown: never silent. */
function NoticesView({ state, nowMs }: Props) {
  const text = words().patients
  if (state === null || (state.waiting === 0 && state.refused.length === 0)) return null
  return (
    <div class="notices">
      {state.waiting > 0 && <NoticeView tone="attention" text={text.waiting(state.waiting)} />}
      {state.refused.length > 0 && (
        <>
          <NoticeView tone="urgent" text={text.refused(state.refused.length)} />
          <details class="details">
            <summary>{text.refusedDetails}</summary>
            <ul>
              {state.refused.map(({ atMs, reason }, index) => (
                <li key={index}>
                  {text.reasons[reason] ?? reason}
                  {words().profession.separator}
                  <span class="time">{spokenTime(atMs, nowMs)}</span>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </div>
  )
}

function RowsView(props: Props & { readonly patients: readonly PatientSummary[] }) {
  const { patients, more, selected, nowMs, onOpen, onDocument } = props
  const text = words().patients
  return (
    <>
      <ul aria-label={text.title}>
        {patients.map((summary) => (
          <li key={summary.patient}>
            <RowView summary={summary} isSelected={summary.patient === selected} nowMs={nowMs} onOpen={() => onOpen(summary.patient)} />
            {summary.found.map((card) => (
              <div class="found-card" key={card.document}>
                <CardView card={card} nowMs={nowMs} onOpen={() => onDocument(card)} />
              </div>
            ))}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="source">{text.more(more)}</p>}
    </>
  )
}

type RowProps = { readonly summary: PatientSummary; readonly isSelected: boolean; readonly nowMs: number; readonly onOpen: () => void }

function RowView({ summary, isSelected, nowMs, onOpen }: RowProps) {
  const text = words().patients
  const { identity, last, unopened, doubts } = summary
  const isDoubtful = doubts.some((doubt) => IDENTITY_DOUBTS.has(doubt))
  const isNamesake = doubts.some((doubt) => NAMESAKE_DOUBTS.has(doubt))
  return (
    <button type="button" class={unopened > 0 ? "row patient-row is-unread" : "row patient-row"} aria-current={isSelected ? "page" : undefined} onClick={onOpen}>
      <span class="row-body">
        <span class="patient-row-top">
          <IdentityLineView identity={identity} />
        </span>
        <span class="row-bottom">
          <span class="row-last">
            <IconView name={last.family} small />
            <span class="clamp-1">{last.title === "" ? familyName(last.family) : titleOf(last)}</span>
          </span>
          <time class="row-time time" dateTime={new Date(last.receivedAtMs).toISOString()}>
            {listTime(last.receivedAtMs, nowMs)}
          </time>
          {unopened > 0 && (
            <span class="badge">
              <span aria-hidden="true">{unopened > 99 ? "99+" : unopened}</span>
              <span class="visually-hidden">{text.unopened(unopened)}</span>
            </span>
          )}
        </span>
        {(isDoubtful || isNamesake) && (
          <span class="tag tag-attention">
            <IconView name="warning" />
            {isDoubtful ? text.verify : text.namesake}
          </span>
        )}
      </span>
    </button>
  )
}
