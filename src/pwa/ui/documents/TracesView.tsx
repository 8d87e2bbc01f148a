/** What the person did with documents, in the words that were sealed for them. */
import { useEffect, useState } from "preact/hooks"
import type { DocumentTrace } from "../../bridge/documents.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { clockTime, longDate } from "../i18n/times.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"

type Loaded = { readonly traces: readonly DocumentTrace[]; readonly before: number | null; readonly isAudited: boolean }

export function TracesPaneView({ page }: { readonly page: Page }) {
  const task = useTask()
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const load = async () => {
    const answer = await page.engine.ask("listDocumentTraces", { before: loaded?.before ?? null })
    setLoaded({ traces: [...(loaded?.traces ?? []), ...answer.traces], before: answer.before, isAudited: answer.isAudited })
  }
  useEffect(() => task.run(load), [])
  const text = words().traces
  return (
    <>
      <HeaderView title={text.title} onBack={goBack} />
      <div class="scroll card">
        {loaded !== null && <p class="quiet">{loaded.isAudited ? text.explainAudited : text.explain}</p>}
        {task.failure !== null && <NoticeView tone="attention" text={explainCode(task.failure)} />}
        {loaded === null && task.failure === null && <SkeletonRowsView label={text.title} />}
        {loaded?.traces.length === 0 && <EmptyView icon="other" text={text.empty} />}
        {loaded !== null && loaded.traces.length > 0 && (
          <ul class="sheet">
            {loaded.traces.map((trace) => (
              <TraceView key={trace.number} trace={trace} />
            ))}
          </ul>
        )}
        {loaded?.before != null && (
          <button type="button" class="button button-outline button-wide" disabled={task.isRunning} onClick={() => task.run(load)}>
            {words().activity.older}
          </button>
        )}
      </div>
    </>
  )
}

const icons = { opened: "other", shared: "share", saved: "download", joined: "join", separated: "join" } as const

function TraceView({ trace }: { readonly trace: DocumentTrace }) {
  const text = words().traces
  const { kind, title, patient, detail, device, atMs } = trace
  const heading = title === "" && patient === "" ? text.hidden : title
  const line = [heading === "" ? "" : text.kinds[kind], `${longDate(atMs)} ${clockTime(atMs)}`, device ?? "", detail].filter((part) => part !== "")
  return (
    <li class="device">
      <IconView name={icons[kind]} />
      <div class="row-body">
        <p class="row-title">{heading === "" ? text.kinds[kind] : heading}</p>
        {patient !== "" && <p class="row-line">{patient}</p>}
        <p class="row-line time">{line.join(words().profession.separator)}</p>
      </div>
    </li>
  )
}
