import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { AccountId, ChannelId, DiscussionSummary, Preference } from "../../bridge/models.js"
import { AvailabilityView } from "../availability/AvailabilityView.js"
import { AvatarView, GroupAvatarView } from "../components/AvatarView.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { SearchView } from "../components/SearchView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { words } from "../i18n/language.js"
import { listTime } from "../i18n/times.js"
import { DeliveryView } from "./DeliveryView.js"
import { chooseRows, countArchived, correspondentOf, countUnread, countUrgent, isUnread, kindLine, lastLine, titleOf, type Filter } from "./discussionModel.js"
import { pictureOf } from "./groupPictures.js"
import { patientTitle } from "./patientModel.js"
import { shortestQuery } from "./searchModel.js"
import { RowMenuView } from "./RowMenuView.js"
import { usePress } from "./usePress.js"
import "./bands.css"
import "./discussions.css"

type Props = {
  /** Null while the engine has not said them yet. */
  readonly discussions: readonly DiscussionSummary[] | null
  readonly me: AccountId
  readonly selected: ChannelId | null
  readonly nowMs: number
  readonly filter: Filter
  readonly query: string
  readonly onFilter: (filter: Filter) => void
  readonly onQuery: (query: string) => void
  readonly onOpen: (channel: ChannelId) => void
  readonly onCompose: () => void
  readonly onRead: (summary: DiscussionSummary) => void
  readonly onPreference: (channel: ChannelId, preference: Partial<Preference>) => void
  /** What is asked of the person above the list; nothing moves under the finger while they search. */
  readonly offer?: ComponentChildren
  /** What else was found for the query, below the discussions. */
  readonly found: ComponentChildren
}

export function DiscussionsView(props: Props) {
  const { discussions, filter, query, onFilter, onQuery, onCompose } = props
  const { discussions: text, list } = words()
  const unread = countUnread(discussions ?? [])
  const isEmpty = discussions !== null && discussions.length === 0
  const [chosen, setChosen] = useState<ChannelId | null>(null)
  const menu = discussions?.find(({ channel }) => channel === chosen)
  return (
    <>
      <HeaderView title={text.title} />
      {!isEmpty && (
        <div class="list-tools">
          <SearchView label={text.search} placeholder={list.search} value={query} onInput={onQuery} />
          {(query === "" || filter !== "all") && <div class="chips" role="group" aria-label={text.filters}>
            <ChipView label={text.all} isChosen={filter === "all"} onChoose={() => onFilter("all")} />
            <ChipView label={text.unread} count={unread} isChosen={filter === "unread"} onChoose={() => onFilter("unread")} />
            <ChipView label={list.urgent} count={countUrgent(discussions ?? [])} isChosen={filter === "urgent"} onChoose={() => onFilter("urgent")} />
            <ChipView label={list.patients} isChosen={filter === "patients"} onChoose={() => onFilter("patients")} />
          </div>}
        </div>
      )}
      <div class="scroll list-scroll">
        {query === "" && filter === "all" && props.offer}
        {discussions === null ? <SkeletonRowsView label={text.loading} /> : <RowsView {...props} discussions={discussions} onMenu={setChosen} />}
        {props.found}
      </div>
      {query === "" && (
        <button type="button" class="compose-button button button-primary" onClick={onCompose}>
          <IconView name="write" />
          <span>{text.new}</span>
        </button>
      )}
      {menu !== undefined && (
        <RowMenuView
          summary={menu}
          me={props.me}
          onRead={() => props.onRead(menu)}
          onPreference={(preference) => props.onPreference(menu.channel, preference)}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  )
}

function ChipView({ label, count = 0, isChosen, onChoose }: { readonly label: string; readonly count?: number; readonly isChosen: boolean; readonly onChoose: () => void }) {
  return (
    <button type="button" class="chip" aria-pressed={isChosen} onClick={onChoose}>
      <span>
        {label}
        {count > 0 && <span class="time">{count}</span>}
      </span>
    </button>
  )
}

function RowsView(props: Props & { readonly discussions: readonly DiscussionSummary[]; readonly onMenu: (channel: ChannelId) => void }) {
  const { discussions, me, filter, query, selected, nowMs, onOpen } = props
  const text = words().discussions
  if (discussions.length === 0) return <EmptyView icon="discussions" title={text.emptyTitle} text={text.emptyExplain} />
  const { list } = words()
  const rows = chooseRows(discussions, me, filter, query)
  const archived = countArchived(discussions)
  const shelf =
    filter === "archived" ? (
      <ShelfView label={list.backToAll} onOpen={() => props.onFilter("all")} />
    ) : (
      filter === "all" && query === "" && archived > 0 && <ShelfView label={list.archived(archived)} onOpen={() => props.onFilter("archived")} />
    )
  if (rows.length === 0 && shelf === false) {
    // What else is found says by itself when there is nothing.
    if (query !== "") return query.trim().length < shortestQuery ? <p class="source">{text.noMatch(query)}</p> : null
    const { noUrgent, noPatients } = words().list
    return <EmptyView icon="check" text={filter === "urgent" ? noUrgent : filter === "patients" ? noPatients : text.noUnread} />
  }
  return (
    <>
      {filter === "archived" && shelf}
      <ul aria-label={text.title}>
        {rows.map((summary) => (
          <PressedView key={summary.channel} onMenu={() => props.onMenu(summary.channel)}>
            <RowView summary={summary} me={me} isSelected={summary.channel === selected} nowMs={nowMs} onOpen={() => onOpen(summary.channel)} />
          </PressedView>
        ))}
      </ul>
      {filter !== "archived" && shelf}
    </>
  )
}

/** A long press, a swipe or the menu key: what can be done with the row. The menu of the discussion is the twin. */
function PressedView({ onMenu, children }: { readonly onMenu: () => void; readonly children: ComponentChildren }) {
  return (
    <li class="pressed-row" {...usePress(onMenu, onMenu)}>
      {children}
    </li>
  )
}

function ShelfView({ label, onOpen }: { readonly label: string; readonly onOpen: () => void }) {
  return (
    <button type="button" class="row shelf" onClick={onOpen}>
      <IconView name="archive" />
      <span class="row-title">{label}</span>
    </button>
  )
}

function MarkView({ icon, label }: { readonly icon: "pin" | "mute"; readonly label: string }) {
  return (
    <span class="row-mark">
      <IconView name={icon} small />
      <span class="visually-hidden">{label}</span>
    </span>
  )
}

type RowProps = {
  readonly summary: DiscussionSummary
  readonly me: AccountId
  readonly isSelected: boolean
  readonly nowMs: number
  readonly onOpen: () => void
}

function RowView({ summary, me, isSelected, nowMs, onOpen }: RowProps) {
  const text = words().discussions
  const correspondent = correspondentOf(summary, me)
  const isNew = isUnread(summary)
  return (
    <button type="button" class={isNew ? "row discussion-row is-unread" : "row discussion-row"} aria-current={isSelected ? "page" : undefined} onClick={onOpen}>
      {correspondent === null ? <GroupAvatarView picture={pictureOf(summary)} /> : <AvatarView professional={correspondent.professional} />}
      <span class="row-body">
        <span class="row-top">
          <span class="row-title">{titleOf(summary, me)}</span>
          {summary.preference.isPinned && <MarkView icon="pin" label={words().list.pinned} />}
          {summary.preference.isMuted && <MarkView icon="mute" label={words().list.muted} />}
          <time class="row-time time" dateTime={new Date(summary.lastAtMs).toISOString()}>
            {listTime(summary.lastAtMs, nowMs)}
          </time>
        </span>
        <span class="row-line row-kind clamp-1">{kindLine(summary, me)}</span>
        {correspondent !== null && <AvailabilityView person={correspondent} nowMs={nowMs} />}
        {summary.patient !== null && (
          <span class="row-line row-patient">
            <IconView name="patient" small />
            <span class="clamp-1">{patientTitle(summary.patient)}</span>
          </span>
        )}
        {summary.waiting !== null && (
          <span class={`band band-${summary.waiting}`}>
            <IconView name={summary.waiting === "urgent" ? "urgent" : "clock"} small />
            {summary.waiting === "urgent" ? words().intent.waiting : words().intent.answerWaiting}
          </span>
        )}
        <span class="row-bottom">
          {summary.suspended !== null ? (
            <span class="row-suspended">
              <IconView name="doubt" small />
              {text.suspended}
            </span>
          ) : (
            <span class="row-last">
              {summary.last?.mine === true && <DeliveryView delivery={summary.last.delivery} />}
              <span class="clamp-1">{lastLine(summary)}</span>
            </span>
          )}
          {isNew && (
            <span class={summary.unread > 0 ? "badge" : "badge badge-dot"}>
              {summary.unread > 0 && <span aria-hidden="true">{summary.unread > 99 ? "99+" : summary.unread}</span>}
              <span class="visually-hidden">{summary.unread > 0 ? text.unreadCount(summary.unread) : words().list.marked}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  )
}
