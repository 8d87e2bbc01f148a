import { useState } from "preact/hooks"
import type { Situation } from "../../bridge/models.js"
import { NoticeView } from "../components/NoticeView.js"
import { modeName, professionName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"
import "./situation.css"

/** "Infirmier", "CHU · 97400 Saint-Denis · Salarié" */
export function describeSituation(situation: Situation): readonly [string, string] {
  const { separator } = words().profession
  const profession = situation.profession === "" ? professionName(situation.professionCode) : situation.profession
  const name = situation.category === "E" ? `${words().directory.student}${separator}${profession}` : profession
  const town = `${situation.postcode} ${situation.commune}`.trim()
  const place = [situation.structure, town, modeName(situation.mode)].filter((part) => part !== "").join(separator)
  return [name, place === "" ? words().situation.noPlace : place]
}

type ListProps = {
  readonly situations: readonly Situation[]
  readonly chosen: number | null
  readonly onChoose: (place: number) => void
}

/** One row per situation, to choose one of them. */
export function SituationsView({ situations, chosen, onChoose }: ListProps) {
  const { situation: text } = words()
  return (
    <fieldset class="situations">
      <legend class="visually-hidden">{text.legend}</legend>
      {situations.map((situation, place) => {
        const [profession, where] = describeSituation(situation)
        return (
          <label class="situation" key={place}>
            <input type="radio" name="situation" checked={place === chosen} onChange={() => onChoose(place)} />
            <span>
              <span class="situation-profession">{profession}</span>
              <span class="situation-place">{where}</span>
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}

type Props = { readonly situations: readonly Situation[]; readonly onNext: (place: number) => void; readonly onNotMe: () => void }

/** Before signing up: in which of several situations. Nothing is chosen for the person. */
export function SituationView({ situations, onNext, onNotMe }: Props) {
  const { situation: text, welcome } = words()
  const [chosen, setChosen] = useState<number | null>(null)
  const [isMissing, setMissing] = useState(false)
  return (
    <EntryView
      top={
        <>
          <MarkView />
          <h1 tabIndex={-1}>{text.title}</h1>
          <p>{text.explain}</p>
        </>
      }
    >
      <form
        class="entry-actions"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(chosen === null)
          if (chosen !== null) onNext(chosen)
        }}
      >
        <SituationsView
          situations={situations}
          chosen={chosen}
          onChoose={(place) => {
            setChosen(place)
            setMissing(false)
          }}
        />
        {isMissing && <NoticeView tone="urgent" text={text.missing} />}
        <button type="submit" class="button button-primary">
          {text.next}
        </button>
        <button type="button" class="button button-quiet" onClick={onNotMe}>
          {welcome.notMe}
        </button>
      </form>
    </EntryView>
  )
}
