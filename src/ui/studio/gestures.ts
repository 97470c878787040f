/**
 * Pointers on the stage: one finger slides, pans or draws a box, two pinch. An attachment, so that
 * the component stays markup.
 */
import type { Attachment } from 'svelte/attachments';
import { boxBetween } from '../../state/face-boxes';
import type { FaceBox } from '../../pipelines/cartoon/card';
import type { StageView } from './stage-view.svelte';
import { wheelFactor, type Point } from './view';

interface GestureOptions {
  readonly view: StageView;
  /** Drags draw a face box instead. */
  readonly marking: () => boolean;
  /** There is something to compare. */
  readonly comparing: () => boolean;
  readonly ondraft: (box: FaceBox | null) => void;
  readonly onmark: (box: FaceBox) => void;
}

/** A press becomes a drag after this many CSS pixels. */
const dragPx = 4;

type Drag = 'slide' | 'pan' | 'mark';

export function gestures({
  view,
  marking,
  comparing,
  ondraft,
  onmark,
}: GestureOptions): Attachment<HTMLElement> {
  return (stage) => {
    const pointers = new Map<number, Point>();
    let start: Point = { x: 0, y: 0 };
    let drag: Drag | null = null;
    let onHandle = false;
    const listening = new AbortController();
    const { signal } = listening;

    const at = (event: MouseEvent): Point => {
      const bounds = stage.getBoundingClientRect();
      return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
    };
    const isControl = (target: EventTarget | null): boolean =>
      target instanceof Element && target.closest('button, a, [data-own-pointer]') !== null;
    const isHandle = (target: EventTarget | null): boolean =>
      target instanceof Element && target.closest('[role="slider"]') !== null;
    const draft = (to: Point): FaceBox => boxBetween(view.toPicture(start), view.toPicture(to));

    function pinch(id: number, to: Point): void {
      const [otherId, other] = [...pointers].find(([key]) => key !== id) ?? [];
      const from = pointers.get(id);
      if (otherId === undefined || !other || !from) return;
      const before = Math.hypot(from.x - other.x, from.y - other.y);
      const after = Math.hypot(to.x - other.x, to.y - other.y);
      const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
      if (before > 0) view.zoomBy(after / before, middle);
      view.pan({ x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 });
    }

    function down(event: PointerEvent): void {
      if (event.button !== 0 || isControl(event.target)) return;
      pointers.set(event.pointerId, at(event));
      stage.setPointerCapture(event.pointerId);
      start = at(event);
      onHandle = isHandle(event.target);
      drag = null;
      if (pointers.size > 1) ondraft(null);
    }

    function kindOfDrag(): Drag {
      if (onHandle) return 'slide';
      if (marking()) return 'mark';
      return view.fitted && comparing() ? 'slide' : 'pan';
    }

    function move(event: PointerEvent): void {
      const from = pointers.get(event.pointerId);
      if (!from) return;
      const to = at(event);
      if (pointers.size > 1) {
        pinch(event.pointerId, to);
        pointers.set(event.pointerId, to);
        drag = null;
        start = to;
        return;
      }
      if (!drag && Math.hypot(to.x - start.x, to.y - start.y) >= dragPx) drag = kindOfDrag();
      if (drag === 'slide') view.splitAt(to.x);
      if (drag === 'pan') view.pan({ x: to.x - from.x, y: to.y - from.y });
      if (drag === 'mark') ondraft(draft(to));
      pointers.set(event.pointerId, to);
    }

    function up(event: PointerEvent): void {
      if (!pointers.delete(event.pointerId)) return;
      if (drag === 'mark') {
        ondraft(null);
        if (event.type === 'pointerup') onmark(draft(at(event)));
      }
      drag = null;
    }

    stage.addEventListener('pointerdown', down, { signal });
    stage.addEventListener('pointermove', move, { signal });
    stage.addEventListener('pointerup', up, { signal });
    stage.addEventListener('pointercancel', up, { signal });
    stage.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        view.zoomBy(wheelFactor(event.deltaY, event.deltaMode), at(event));
      },
      { signal, passive: false },
    );
    stage.addEventListener(
      'dblclick',
      (event) => {
        if (!isControl(event.target)) view.split = 0.5;
      },
      { signal },
    );
    return () => listening.abort();
  };
}
