import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { words } from "../i18n/language.js"
import type { Tab } from "../router.js"

const tabs: readonly (readonly [Tab, IconName])[] = [
  ["discussions", "discussions"],
  ["directory", "directory"],
  ["me", "me"],
]

type Props = { readonly current: Tab; readonly unread: number; readonly onTab: (tab: Tab) => void }

/** At the bottom on a phone, at the side from 840 px. */
export function TabsView({ current, unread, onTab }: Props) {
  const text = words()
  return (
    <nav class="tabs" aria-label={text.app.navigation}>
      {tabs.map(([tab, icon]) => (
        <button type="button" key={tab} class="tab" aria-current={tab === current ? "page" : undefined} onClick={() => onTab(tab)}>
          <span class="tab-icon">
            <IconView name={icon} />
            {tab === "discussions" && unread > 0 && (
              <span class="badge">
                <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
                <span class="visually-hidden">{text.tabs.unread(unread)}</span>
              </span>
            )}
          </span>
          {text.tabs[tab]}
        </button>
      ))}
    </nav>
  )
}
