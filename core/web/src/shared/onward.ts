// After signing in: on to where one was going.
import { useRoute, useRouter } from 'vue-router';

// An address of ours only: what stands in a link that somebody sent may lead anywhere.
export function useOnward() {
  const route = useRoute();
  const router = useRouter();
  return () => {
    const to = String(route.query.to ?? '');
    return router.replace(/^\/(?!\/)/.test(to) ? to : { name: 'home' });
  };
}
