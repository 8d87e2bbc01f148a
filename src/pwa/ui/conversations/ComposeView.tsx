import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { AccountId, Person, Professional } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SearchView } from "../components/SearchView.js"
import type { DirectorySearch } from "../directory/directorySearch.js"
import { FoundView, ProfessionalLinesView } from "../directory/FoundView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import "./compose.css"

export type Chosen = { readonly account: AccountId; readonly professional: Professional }

type PickProps = {
  readonly title: string
  readonly search: DirectorySearch
  readonly known: readonly Person[]
  readonly me: AccountId
  /** Accounts that cannot be chosen because they are there already. */
  readonly present: ReadonlySet<AccountId>
  /** Null when one tap is the choice; else the people chosen so far. */
  readonly chosen: readonly Chosen[] | null
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onBack: () => void
  readonly onPick: (professional: Professional, account: AccountId) => void
  readonly onDrop: (account: AccountId) => void
  readonly onGroup: (() => void) | null
  readonly onNext: (() => void) | null
  readonly nextLabel: string
  readonly option?: ComponentChildren
}

/** Finds people in the directory: one to write to, or several for a group. */
export function PickPeopleView(props: PickProps) {
  const { title, search, known, chosen, failure, isWorking, onBack, onGroup, onNext, nextLabel, option } = props
  const { compose } = words()
  return (
    <>
      <HeaderView title={title} onBack={onBack} />
      <div class="list-tools">
        <SearchView label={words().directory.label} placeholder={compose.search} value={search.query} onInput={search.type} />
      </div>
      {chosen !== null && chosen.length > 0 && <ChosenView chosen={chosen} onDrop={props.onDrop} />}
      <div class="scroll">
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        <FoundView
          search={search}
          before={
            <>
              {onGroup !== null && (
                <button type="button" class="row" disabled={isWorking} onClick={onGroup}>
                  <span class="avatar tint-0" aria-hidden="true">
                    <IconView name="group" />
                  </span>
                  <span class="row-title">{compose.startGroup}</span>
                </button>
              )}
              <KnownView {...props} people={known} />
            </>
          }
          rowOf={(professional) => <PickRowView {...props} professional={professional} />}
        />
      </div>
      {onNext !== null && chosen !== null && chosen.length > 0 && (
        <div class="bottom-bar">
          {option}
          <button type="button" class="button button-primary button-wide" disabled={isWorking} onClick={onNext}>
            {nextLabel}
          </button>
        </div>
      )}
    </>
  )
}

function KnownView(props: PickProps & { readonly people: readonly Person[] }) {
  const { people } = props
  const { compose } = words()
  if (people.length === 0) return <EmptyView icon="directory" title={compose.explain} text={words().directory.hint} />
  return (
    <>
      <h2 class="list-title">{compose.known}</h2>
      <ul>
        {people.map((person) => (
          <li key={person.account}>
            <PickRowView {...props} professional={{ ...person.professional, account: person.account }} isKnown />
          </li>
        ))}
      </ul>
    </>
  )
}

function PickRowView(props: PickProps & { readonly professional: Professional; readonly isKnown?: boolean }) {
  const { professional, isKnown = false, chosen, present, me, isWorking, onPick, onDrop } = props
  const { account } = professional
  const isPresent = account !== null && present.has(account)
  const isChosen = account !== null && (chosen ?? []).some((one) => one.account === account)
  const cannot = account === null || account === me || isPresent
  return (
    <button
      type="button"
      class="row"
      disabled={cannot || isWorking}
      aria-pressed={chosen === null || cannot ? undefined : isChosen}
      onClick={() => {
        if (account === null) return
        if (isChosen) onDrop(account)
        else onPick(professional, account)
      }}
    >
      <ProfessionalLinesView professional={professional} saysPresence={!isKnown} />
      {isPresent && <span class="tag">{words().compose.alreadyIn}</span>}
      {chosen !== null && !cannot && (
        <span class={isChosen ? "tick is-ticked" : "tick"} aria-hidden="true">
          {isChosen && <IconView name="check" small />}
        </span>
      )}
    </button>
  )
}

function ChosenView({ chosen, onDrop }: { readonly chosen: readonly Chosen[]; readonly onDrop: (account: AccountId) => void }) {
  const { compose, people } = words()
  return (
    <ul class="chosen" aria-label={compose.chosen}>
      {chosen.map(({ account, professional }) => (
        <li key={account}>
          <button type="button" class="chosen-person" onClick={() => onDrop(account)}>
            <AvatarView professional={professional} size="small" />
            <span>{professional.givenName}</span>
            <span class="visually-hidden">{people.remove}</span>
            <IconView name="close" small />
          </button>
        </li>
      ))}
    </ul>
  )
}

type Preparing = { readonly done: number; readonly of: number } | null

/** Many members take seconds: how far it is. A few are ready before a number could be read. */
const manyMembers = 20
export const preparingText = (preparing: Preparing, otherwise: string): string =>
  preparing !== null && preparing.of >= manyMembers ? words().compose.preparing(preparing.done, preparing.of) : otherwise

type NameProps = {
  readonly preparing: Preparing
  readonly chosen: readonly Chosen[]
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onBack: () => void
  readonly onCreate: (name: string) => void
}

/** The second step of a group: its name. */
export function NameGroupView({ chosen, preparing, isWorking, failure, onBack, onCreate }: NameProps) {
  const { compose } = words()
  const [name, setName] = useState("")
  const [isMissing, setMissing] = useState(false)
  const submit = (event: Event) => {
    event.preventDefault()
    setMissing(name.trim() === "")
    if (name.trim() !== "") onCreate(name.trim())
  }
  return (
    <>
      <HeaderView title={compose.groupTitle} onBack={onBack} />
      <form class="scroll name-group" onSubmit={submit} noValidate>
        <div class="field">
          <label class="field-label" for="group-name">
            {compose.nameLabel}
          </label>
          <input
            id="group-name"
            class="input"
            value={name}
            maxLength={80}
            autoComplete="off"
            aria-describedby="group-hint"
            aria-invalid={isMissing}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <p id="group-hint" class={isMissing ? "field-error" : "field-hint"}>
            {isMissing ? compose.nameMissing : compose.nameHint}
          </p>
        </div>
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        <button type="submit" class="button button-primary" disabled={isWorking}>
          {isWorking && <span class="spinner" aria-hidden="true" />}
          {isWorking ? preparingText(preparing, compose.creating) : compose.create}
        </button>
        <h2 class="list-title">{compose.chosenCount(chosen.length)}</h2>
        <ul>
          {chosen.map(({ account, professional }) => (
            <li key={account} class="row">
              <ProfessionalLinesView professional={professional} saysPresence={false} />
            </li>
          ))}
        </ul>
      </form>
    </>
  )
}
