/** Where I practise, as colleagues see it; changed just after the provider has said what there is. */
import { useEffect, useState } from "preact/hooks"
import type { Me, Situation } from "../../bridge/models.js"
import { HeaderView } from "../components/HeaderView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { useTask } from "../components/useTask.js"
import { placedProfession, structureOf } from "../directory/names.js"
import { SituationsView } from "../entry/SituationView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"
import "../entry/situation.css"

type Props = { readonly page: Page; readonly me: Me; readonly onSignInAgain: () => void }

export function SituationPaneView({ page, me, onSignInAgain }: Props) {
  const { situation: text } = words()
  const task = useTask()
  const [situations, setSituations] = useState<readonly Situation[] | null>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  const [isDone, setDone] = useState(false)
  useEffect(
    () =>
      task.run(async () => {
        const { situations: found } = await page.engine.ask("listSituations", null)
        setSituations(found)
        const here = me.person.professional.activities.at(0)
        const place = found.findIndex(
          (one) => one.professionCode === me.person.professional.professionCode && one.structure === here?.structure && one.postcode === here.postcode,
        )
        setChosen(place === -1 ? null : place)
      }),
    [],
  )
  const choose = () => {
    if (chosen === null) return
    task.run(async () => {
      await page.engine.ask("chooseSituation", { situation: chosen })
      setDone(true)
    })
  }
  return (
    <>
      <HeaderView title={text.changeTitle} onBack={goBack} />
      <div class="scroll card">
        <div class="sheet sheet-padded">
          <p class="row-title">{placedProfession(me.person.professional)}</p>
          <p class="row-line">{structureOf(me.person.professional) || text.none}</p>
        </div>
        <p class="quiet">{text.changeExplain}</p>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        {isDone && <NoticeView tone="good" text={text.changed} />}
        {situations === null && task.isRunning && <SkeletonRowsView label={words().app.loading} />}
        {situations?.length === 0 && (
          <>
            <p class="card-note">{text.fresh}</p>
            <button type="button" class="button button-primary button-wide" onClick={onSignInAgain}>
              {text.freshAction}
            </button>
          </>
        )}
        {situations?.length === 1 && <p class="card-note">{text.only}</p>}
        {situations !== null && situations.length > 1 && (
          <>
            <SituationsView situations={situations} chosen={chosen} onChoose={setChosen} />
            <button type="button" class="button button-primary button-wide" disabled={chosen === null || task.isRunning} onClick={choose}>
              {text.choose}
            </button>
          </>
        )}
      </div>
    </>
  )
}
