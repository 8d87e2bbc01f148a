/** The rows of "Moi" that say when this person can be counted on, wired to the engine. */
import { useState } from "preact/hooks"
import type { AccountId, Availability, Me } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { knownPeople } from "../conversations/discussionModel.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { availabilityAt, availabilityLine, coverName } from "./availabilityModel.js"
import { CoverSheetView, EndSheetView } from "./AvailabilitySheetsView.js"

export function AvailabilityPaneView({ page, me }: { readonly page: Page; readonly me: Me }) {
  const text = words().availability
  const nowMs = Date.now()
  const task = useTask()
  const [asked, setAsked] = useState<"end" | "cover" | null>(null)
  const current = availabilityAt(me.person, nowMs)
  const choose = (state: Availability["state"] | "usual", untilMs: number, cover: AccountId | null) => {
    setAsked(null)
    task.run(async () => {
      await page.engine.ask("setAvailability", { state, untilMs, cover })
    })
  }
  const close = () => setAsked(null)
  return (
    <>
      <RowView icon={current?.state ?? "clock"} title={text.title} line={current === null ? text.usual : availabilityLine(current, nowMs)} onOpen={() => setAsked("end")} />
      {current?.state === "absent" && <RowView icon="group" title={text.cover} line={coverName(current) || text.coverNone} onOpen={() => setAsked("cover")} />}
      {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
      {asked === "end" && (
        <EndSheetView
          nowMs={nowMs}
          current={current}
          onChoose={(state, untilMs) => choose(state, untilMs, state === "absent" ? (current?.cover?.account ?? null) : null)}
          onUsual={() => choose("usual", 0, null)}
          onClose={close}
        />
      )}
      {asked === "cover" && current !== null && (
        <CoverSheetView
          people={knownPeople(page.discussions.value ?? [], me.account)}
          cover={current.cover?.account ?? null}
          onChoose={(cover) => choose("absent", current.untilMs, cover)}
          onClose={close}
        />
      )}
    </>
  )
}

function RowView({ icon, title, line, onOpen }: { readonly icon: IconName; readonly title: string; readonly line: string; readonly onOpen: () => void }) {
  return (
    <button type="button" class="row" aria-haspopup="dialog" onClick={onOpen}>
      <IconView name={icon} />
      <span class="row-body">
        <span class="row-title">{title}</span>
        <span class="row-line">{line}</span>
      </span>
      <IconView name="open" />
    </button>
  )
}
