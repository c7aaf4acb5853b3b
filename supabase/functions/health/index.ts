// Whether the project answers, for monitors and load balancers: open to all, and says nothing else.
import { health } from './health.ts';

export default { fetch: (request: Request) => health(request, Deno.env.toObject()) };
