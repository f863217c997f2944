import type { ClassSiteTable } from './class-site-table'
import type { SplitCheck } from './check-split'
import type { MadeSplit, SplitReport } from './make-split'
import type { Manifest } from './manifest'
import type { Proportions, Side } from './sides'

/** A named split. It is never changed; another division has another name. */
export interface Split {
  id: string
  name: string
  createdAt: string
  reader: string
  /** The split that this one extends. */
  parentId: string | null
  seed: number
  proportions: Proportions
  /** SHA-256 of the manifest, see manifestHash. */
  hash: string
  report: SplitReport
}

/** Somebody asked for the films of a locked test part. */
export interface TestAccess {
  at: string
  reader: string
  reason: string
  films: number
}

/** The splits of one project. `split` is a name or an id everywhere. */
export interface SplitStore {
  /** Oldest first. */
  list(): Promise<Split[]>
  /** @throws NeoGateError NOT_FOUND */
  get(split: string): Promise<Split>
  /**
   * Divides the films that can be used now, in one transaction.
   * @param name null: 'split-1', 'split-2' ..., the first that is free
   * @param extend a split whose infants keep their sides, so that a test infant stays one
   * @param proportions null: those of the extended split, or the paper's
   * @throws NeoGateError INVALID_INPUT for a name that is taken and where there are fewer infants than sides; NOT_FOUND;
   *   PROJECT_DAMAGED where the extended split was altered
   */
  make(request: {
    name: string | null
    proportions: Proportions | null
    seed: number
    extend: string | null
    reader: string
  }): Promise<{ split: Split } & Pick<MadeSplit, 'table'>>
  /** Who was put where, all three sides. @throws NeoGateError NOT_FOUND, PROJECT_DAMAGED where it was altered */
  manifest(split: string): Promise<Manifest>
  /** Films of each class at each site per side. @throws NeoGateError NOT_FOUND, PROJECT_DAMAGED where it was altered */
  table(split: string): Promise<ClassSiteTable>
  /** Never throws for an altered split: that is what it finds out. @throws NeoGateError NOT_FOUND */
  check(split: string): Promise<SplitCheck>
  /**
   * Sides of films, in the order given. A film that came later is on its infant's side; 'unassigned' where the infant is on
   * none; 'test' also for a film that has come to belong to an infant of the test part. @throws NeoGateError NOT_FOUND for a split or a film that is not there
   */
  sideOf(split: string, filmIds: readonly string[]): Promise<(Side | 'unassigned')[]>
  /**
   * The films to learn from and to stop by, by id. Never any of the test part.
   * @throws NeoGateError NOT_FOUND; PROJECT_DAMAGED where the split was altered; CONFLICT where a film of these parts has come
   *   to belong to an infant of the test part, or equals one of its films
   */
  trainingFilms(split: string): Promise<{ train: string[]; validation: string[] }>
  /**
   * Refuses films of the test part: in the manifest, of an infant on that side, or equal to one of its films.
   * @throws NeoGateError CONFLICT naming how many; NOT_FOUND for a split or a film that is not there
   */
  assertNoTestFilms(split: string, filmIds: readonly string[]): Promise<void>
  /**
   * The films of the test part, for an evaluation. The request is recorded before they are handed out.
   * @throws NeoGateError INVALID_INPUT without a reason; NOT_FOUND; PROJECT_DAMAGED where the split was altered
   */
  lockedTestFilms(split: string, request: { reader: string; reason: string }): Promise<string[]>
  /** Newest first. */
  testAccesses(split: string): Promise<TestAccess[]>
  /** Films whose decoded pixels have not been compared yet, missing ones left out, by id. */
  withoutPixelHash(): Promise<string[]>
  savePixelHashes(hashes: readonly { filmId: string; hash: string }[]): Promise<void>
}
