import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Settings } from '@app/config';
import type { Priority } from '@app/tasks';
import { atMost } from '../deadline.js';
import { decode } from '../envelope.js';
import { CLASSES, Lanes } from '../lanes.js';
import { Slots, type Slot } from '../slots.js';
import { TaskServer, type Readiness } from '../task-server.js';
import { ChannelKeeper } from './channel-keeper.js';
import { answered } from './connection.js';
import { Consumers } from './consumers.js';
import { Deliveries, type Delivery, type Part } from './deliveries.js';
import { Fullness } from './fullness.js';
import { Refusals } from './refusals.js';
import { openChannel, Topology } from './topology.js';

/**
 * A handler that runs this long is acknowledged before its end: the lease covers the task, and the broker closes the channel of a
 * message that stays unacknowledged for its `consumer_timeout`. Longer than a plain task takes, which would all be caught by it.
 */
const LONG_MS = 3_000;
/** A message of which one task has run this long while others still wait is handed back: somebody else may have room for these. */
const SPLIT_MS = 500;
/** Messages are asked for so many times further ahead than their tasks are begun: they need the time of a way to the broker and back. */
const ASK_AHEAD = 4;
const ADJUST_MS = 250;
const CHECK_MS = 3_000;
const PAUSE_MS = 1_000;

/** One open channel with what was received on it. */
interface Session {
  channel: Channel;
  books: Deliveries;
  consumers: Consumers;
}

/** Receives from RabbitMQ, and goes on receiving after every loss: connection, channel, consumer or queue. */
export class RabbitServer extends TaskServer {
  private readonly topology: Topology;
  private readonly keeper: ChannelKeeper<Channel>;
  private readonly slots: Slots<Part>;
  private readonly fullness = new Fullness();
  private readonly refusals: Refusals;
  private readonly timers: NodeJS.Timeout[] = [];
  private session?: Session;
  private state: 'not listening yet' | 'receiving' | 'paused' = 'not listening yet';
  private checking = false;
  /** When a look at the queues last ended, or a channel was last tried to open. */
  private lookedAt = 0;
  private received = 0;
  private receivedBefore = 0;
  private starving = false;
  private parkedCount = 0;
  private parkedLoggedAt = -Infinity;

  constructor(settings: Settings) {
    super();
    this.topology = new Topology(settings.queuePrefix);
    this.slots = new Slots(settings.workerConcurrency, new Lanes<Part>(), (part, slot) => this.run(part, slot));
    this.refusals = new Refusals(settings, this.topology, this.logger, () => void this.adjust());
    this.keeper = new ChannelKeeper<Channel>(settings, 'receiving', this.logger, {
      open: async (live: ChannelModel) => {
        this.lookedAt = performance.now();
        await this.topology.declare(live);
        return openChannel(live);
      },
      opened: (channel) => this.begin(channel, this.keeper.connection.live!),
      closed: () => this.end(),
    });
  }

  /** While the broker is away there is nothing to look after: it is connected to as soon as it is back. */
  get silentMs(): number {
    return this.state !== 'receiving' || !this.keeper.connection.live ? 0 : performance.now() - this.lookedAt;
  }

  get running(): number {
    return this.slots.running;
  }

  get freeSlots(): number {
    return this.slots.size - this.slots.running;
  }

  get parked(): number {
    return this.parkedCount;
  }

  ready(): Readiness {
    const reason =
      (this.state === 'receiving' ? undefined : this.state) ??
      this.keeper.problem ??
      (this.session?.consumers.subscribed ? undefined : 'the queues are being subscribed to') ??
      this.refusals.problem;
    return reason === undefined ? { ok: true } : { ok: false, reason };
  }

  async pause(): Promise<void> {
    this.state = 'paused';
    this.slots.pause();
    await atMost(PAUSE_MS, this.adjust());
  }

  async close(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await this.pause();
    this.session?.books.flush();
    this.refusals.close();
    await this.keeper.close();
  }

  unwrap<T>(): T {
    return this.keeper.current as T;
  }

  protected start(): void {
    this.state = 'receiving';
    this.keeper.connection.open();
    this.timers.push(
      setInterval(() => {
        this.slots.pace();
        if (!this.checking) void this.adjust();
      }, ADJUST_MS),
      setInterval(() => void this.check(), CHECK_MS),
    );
  }

  private begin(channel: Channel, live: ChannelModel): void {
    const books = new Deliveries(channel);
    const consumers = new Consumers(
      channel,
      this.topology,
      books,
      (priority, message) => this.receive(books, priority, message),
      () => this.refusals.usable,
      (priority) => this.refusals.note(priority),
      (priority) => this.refusals.forget(priority),
      () => this.cancelled(channel),
      (request) => answered(live, request),
    );
    this.session = { channel, books, consumers };
    void this.adjust();
  }

  private end(): void {
    this.session?.books.close();
    this.session = undefined;
    // What waits here is delivered again, to us or to others.
    while (this.slots.waiting.take());
  }

  private receive(books: Deliveries, priority: Priority, message: ConsumeMessage): void {
    this.received++;
    if (this.state === 'paused') return books.reject(message, true);
    try {
      const delivery = books.enter(decode(message.content, priority), message);
      this.fullness.note(delivery.announcements.length);
      for (const announcement of delivery.announcements) this.slots.waiting.push(priority, { announcement, delivery });
      this.slots.fill();
    } catch (error) {
      books.reject(message, false);
      this.countParked((error as Error).message);
    }
  }

  private async run({ announcement, delivery }: Part, slot: Slot): Promise<void> {
    if (!delivery.books.start(delivery)) return;
    if ((await this.handle(announcement, slot)) === 'settled') return delivery.books.settle(delivery);
    // Paused first: it would come straight back otherwise.
    void this.pause();
    delivery.books.handBack(delivery);
  }

  /**
   * Fits what is asked for to the slots that unacknowledged messages can still take: the prefetch counts only those, but slots are
   * also held by tasks that were acknowledged early or came over a channel that is gone.
   */
  private async adjust(): Promise<void> {
    if (!this.session) return;
    const { channel, books, consumers } = this.session;
    books.flush();
    const { long, split, counted } = sorted(books);
    const held = Math.max(0, this.slots.running - counted);
    const { size, ahead } = this.slots;
    const wanted = this.state === 'paused' ? 0 : size - held + (ASK_AHEAD - 1) * ahead;
    try {
      // Before the acknowledgements, which would make the broker send more.
      await consumers.ask(this.fullness.messagesFor(wanted));
    } catch (error) {
      return this.keeper.discard(channel, error);
    }
    for (const delivery of long) books.acknowledge(delivery);
    books.flush();
    for (const delivery of split) books.handBack(delivery);
    this.handBackSurplus(wanted);
  }

  /** Others may have a slot for what could only wait here. Some may wait: handing back is no free gift to the broker. */
  private handBackSurplus(wanted: number): void {
    const waiting = this.slots.waiting.sizes();
    for (const priority of CLASSES) {
      if (waiting[priority] <= 2 * wanted) continue;
      let surplus = waiting[priority] - wanted;
      const returned = new Set<Delivery>();
      this.slots.waiting.takeNewest(priority, ({ delivery }) => {
        if (delivery.started > 0 || (surplus <= 0 && !returned.has(delivery))) return false;
        surplus--;
        returned.add(delivery);
        return true;
      });
      for (const delivery of returned) delivery.books.handBack(delivery);
    }
  }

  /** The channel goes too: RabbitMQ 3.10 may never deliver on it again from a queue that was deleted and made anew. */
  private cancelled(channel: Channel): void {
    if (this.session?.channel !== channel) return;
    this.logger.warn(
      'The broker cancelled a consumer, as it does when a queue is deleted. The queues are declared and consumed again.',
    );
    this.keeper.renew(channel);
  }

  /** Makes queues that are gone and subscribes to them again. */
  private async check(): Promise<void> {
    const { session } = this;
    const { live } = this.keeper.connection;
    if (!session || !live || this.checking || this.state === 'paused') return;
    this.checking = true;
    try {
      // Over a slow line, those that began meanwhile are not counted in the answer, nor those that ended.
      const before = new Set(CLASSES.flatMap((priority) => session.consumers.standing(priority)));
      const queues = await this.topology.declare(live);
      const lost = CLASSES.find(
        (priority) => queues[priority].consumers === 0 && session.consumers.standing(priority).some((tag) => before.has(tag)),
      );
      if (lost) throw new Error(`the queue ${this.topology.due(lost)} has lost our consumer`);
      this.refuseToStarve(this.refusals.usable.some((priority) => queues[priority].ready > 0));
      await this.adjust();
    } catch (error) {
      if (this.keeper.connection.live === live) this.keeper.discard(session.channel, error);
    } finally {
      this.checking = false;
      this.lookedAt = performance.now();
    }
  }

  /** @throws Error when messages wait and slots are free, but nothing has come for two checks: the channel is deaf. */
  private refuseToStarve(messagesWait: boolean): void {
    const starved = messagesWait && this.freeSlots > 0 && this.received === this.receivedBefore;
    const again = starved && this.starving;
    this.receivedBefore = this.received;
    this.starving = starved && !again;
    if (again) throw new Error('messages wait, but none of them is delivered to us');
  }

  private countParked(reason: string): void {
    this.parkedCount++;
    // One line a second at most: whoever floods the queue does not flood the log.
    if (performance.now() - this.parkedLoggedAt < 1_000) return;
    this.parkedLoggedAt = performance.now();
    this.logger.warn(
      `An unreadable message was parked in ${this.topology.dead} (${this.parkedCount} since the start): ${reason}.`,
    );
  }
}

/** What is under way of the unacknowledged deliveries, and which of them take long, whole or in part. */
function sorted(books: Deliveries): { long: Delivery[]; split: Delivery[]; counted: number } {
  const now = performance.now();
  const long: Delivery[] = [];
  const split: Delivery[] = [];
  let counted = 0;
  for (const delivery of books.started()) {
    const ranMs = now - delivery.startedAt!;
    const isWhole = delivery.started === delivery.announcements.length;
    if (isWhole && ranMs > LONG_MS) long.push(delivery);
    else if (!isWhole && ranMs > SPLIT_MS) split.push(delivery);
    else counted += delivery.started - delivery.settled;
  }
  return { long, split, counted };
}
