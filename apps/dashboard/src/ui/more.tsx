import { Button } from './button';

/** The way to the next page of a list, if there is one. */
export function More({ list }: { list: { hasNextPage: boolean; fetchNextPage: () => Promise<unknown> } }) {
  if (!list.hasNextPage) return null;
  return (
    <div className="card-body">
      <Button small onClick={() => void list.fetchNextPage()}>
        More
      </Button>
    </div>
  );
}
