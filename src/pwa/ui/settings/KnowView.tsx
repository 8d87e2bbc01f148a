import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import { HeaderView } from "../components/HeaderView.js"
import { words } from "../i18n/language.js"
import { TakeawayView } from "./TakeawayView.js"
import "./settings.css"

type Props = { readonly engine: Engine; readonly onProve: () => Promise<void>; readonly onBack: () => void }

/** One page in plain words, and all of it as a file for who wants to take it away. */
export function KnowView({ engine, onProve, onBack }: Props) {
  const text = words().know
  const [retentionDays, setRetentionDays] = useState(30)
  useEffect(() => {
    engine.ask("retention", null).then(
      ({ days }) => setRetentionDays(days),
      () => undefined,
    )
  }, [])
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
        <TakeawayView engine={engine} onProve={onProve} />
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
