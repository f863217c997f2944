import type { Migration } from 'kysely'
import * as first from './0001-first'
import * as splits from './0002-splits'
import * as training from './0003-training'
import * as evaluation from './0004-evaluation'
import * as review from './0005-review'
import * as annotations from './0006-annotations'
import * as filmTags from './0009-film-tags'
import * as studies from './0010-studies'
import * as experiments from './0012-experiments'

/**
 * All migrations in order. Named here, not found by scanning a folder, because the core is bundled into one file. Projects remember
 * them by name: none is ever renamed, which is why some numbers were never given.
 */
export const migrations: Record<string, Migration> = {
  '0001-first': first,
  '0002-splits': splits,
  '0003-training': training,
  '0004-evaluation': evaluation,
  '0005-review': review,
  '0006-annotations': annotations,
  '0009-film-tags': filmTags,
  '0010-studies': studies,
  '0012-experiments': experiments
}
