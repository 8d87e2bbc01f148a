import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import { answerWithPasskey } from "../account/ceremonies.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import "./settings.css"

type Props = { readonly engine: Engine; readonly withPasskey: boolean; readonly onBack: () => void }

/** One page in plain words, and all of it as a file for who wants to take it away. */
export function KnowView({ engine, withPasskey, onBack }: Props) {
  const text = words().know
  const task = useTask()
  const [isTaken, setTaken] = useState(false)
  const [retentionDays, setRetentionDays] = useState(30)
  useEffect(() => {
    engine.ask("retention", null).then(
      ({ days }) => setRetentionDays(days),
      () => undefined,
    )
  }, [])
  const take = async () => {
    if (withPasskey) await answerWithPasskey(engine)
    const { data } = await engine.ask("takeData", null)
    const url = URL.createObjectURL(new Blob([data], { type: "application/json" }))
    const link = document.createElement("a")
    link.href = url
    link.download = "lien.json"
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
    setTaken(true)
  }
  return (
    <>
      <HeaderView title={text.title} onBack={onBack} />
      <div class="scroll card know">
        <p>{text.intro}</p>
        <ListView title={text.cannotTitle} items={text.cannot} />
        <ListView title={text.knowsTitle} items={text.knows} />
        <ListView title={text.vendorTitle} items={[text.vendor]} />
        <ListView title={text.phoneTitle} items={[text.phone]} />
        <ListView title={text.timeTitle} items={[text.time(retentionDays)]} />
        <section class="sheet sheet-padded" aria-labelledby="take-title">
          <h2 id="take-title">{text.takeTitle}</h2>
          <p>{text.take}</p>
          {task.failure !== null && <NoticeView tone="attention" text={explainCode(task.failure)} />}
          {isTaken && <NoticeView tone="good" text={text.taken} />}
          <button type="button" class="button button-outline" disabled={task.isRunning} onClick={() => task.run(take)}>
            <IconView name="save" />
            {task.isRunning ? text.taking : text.takeAction}
          </button>
        </section>
      </div>
    </>
  )
}

function ListView({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul class="plain-list">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  )
}
