import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Hands the handler's own error to the transport. Nest's default filter puts "Internal server error" in its place, and then the
 * transport cannot tell `draining` from a defect. To be used on every controller that receives announcements.
 */
@Catch()
export class KeepErrorFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
