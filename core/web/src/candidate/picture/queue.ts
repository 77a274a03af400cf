// Changes of one application's pictures go one after the other: each says which version it was made from, and makes the next one.
import { ask, ifMatch, Problem, server, sessionRenewed } from '../../shared/api.ts';
import { applicationGet, isStale, type Application } from '../application.ts';
import { upload } from './upload.ts';

export type Job = {
  material: string;
  file: Blob;
  progress: (part: number) => void;
  /** How to stop it, once it has begun. */
  begun: (cancel: () => void) => void;
};

export class PictureQueue {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private application: Application, private readonly changed: (application: Application) => void) {}

  send(job: Job): Promise<void> {
    return this.next(async () => {
      const begun = upload(this.application.id, job.material, this.application.version, job.file, job.progress);
      job.begun(begun.cancel);
      await begun.done;
    });
  }

  remove(material: string): Promise<void> {
    return this.next(async () => {
      await ask(() => server.DELETE('/applications/{id}/materials/{material}', {
        params: { path: { id: this.application.id, material }, header: ifMatch(this.application.version) },
      }));
    });
  }

  private next(change: () => Promise<void>): Promise<void> {
    const changed = this.last.then(() => this.now(change));
    this.last = changed.catch(() => {});
    return changed;
  }

  private async reload() {
    this.application = await applicationGet(this.application.id);
    this.changed(this.application);
  }

  private async now(change: () => Promise<void>) {
    try {
      await change();
    } catch (error) {
      // Another topic was saved meanwhile, or the session had ended: neither is about this picture.
      const renewed = error instanceof Problem && error.status === 401 && (await sessionRenewed());
      if (!renewed && !isStale(error)) throw error;
      await this.reload();
      await change();
    }
    await this.reload();
  }
}
