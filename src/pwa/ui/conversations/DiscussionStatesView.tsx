/** A discussion that is not here yet, or not any more. */
import { EmptyView } from "../components/EmptyView.js"
import { BackView, HeaderView } from "../components/HeaderView.js"
import { words } from "../i18n/language.js"
import "./discussion.css"

/** While the engine opens the discussion: the shape of what comes. */
export function DiscussionLoadingView({ onBack }: { readonly onBack: () => void }) {
  return (
    <>
      <header class="header discussion-header">
        <BackView onBack={onBack} />
        <span class="avatar avatar-small skeleton" aria-hidden="true" />
        <div class="row-body" role="status">
          <h1 class="visually-hidden" tabIndex={-1}>
            {words().discussion.loading}
          </h1>
          <span class="skeleton skeleton-title" />
          <span class="skeleton skeleton-line" />
        </div>
      </header>
      <div class="timeline" />
      <div class="composer">
        <div class="composer-line">
          <span class="composer-text skeleton" />
        </div>
      </div>
    </>
  )
}

/** The channel of the address is none of ours (any more). */
export function DiscussionGoneView({ onBack }: { readonly onBack: () => void }) {
  const { discussion, discussions } = words()
  return (
    <>
      <HeaderView title={discussions.title} onBack={onBack} />
      <EmptyView icon="discussions" title={discussion.notFound} text={discussion.notFoundExplain} />
    </>
  )
}
