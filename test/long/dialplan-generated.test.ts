import { compareGenerated } from '../real/dialplan-generated.ts';

compareGenerated(3000);
